import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { type Listening, listen } from "../fixture/listen.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

/** How a host answers that has not the file of a lock, and what the user reads of it. */
type Answer = Readonly<{ answer: (request: IncomingMessage, response: ServerResponse) => void; says: string | RegExp }>;

// Of a file with a checksum the daemon compares whatever it is answered (moby/buildkit#6380).
const ANSWERS: Readonly<Record<string, Answer>> = {
  "401": { answer: (_, response) => response.writeHead(401).end("no"), says: /digest mismatch|status 401/ },
  "404": { answer: (_, response) => response.writeHead(404).end("no"), says: /digest mismatch|status 404/ },
  "500": { answer: (_, response) => response.writeHead(500).end("no"), says: /digest mismatch|status 500/ },
  "other bytes": { answer: (_, response) => response.end("other"), says: "digest mismatch" },
  "a part of the file": {
    answer: (_, response) => {
      response.writeHead(200, { "content-length": 1000 }).write("PK");
      setTimeout(() => response.destroy(), 100);
    },
    says: "unexpected EOF",
  },
  "a way to itself": {
    answer: ({ url }, response) => response.writeHead(302, { location: url }).end(),
    says: "stopped after 10 redirects",
  },
  "a way to a file of the machine": {
    answer: (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    says: 'unsupported protocol scheme "file"',
  },
  nothing: { answer: (request) => request.socket.destroy(), says: "EOF" },
};

/** The same with credentials: a step of ours asks. */
const FETCHED: Readonly<Record<string, string | RegExp>> = {
  "401": "b-1-py3-none-any.whl: its host answers 401",
  "404": "b-1-py3-none-any.whl: its host answers 404",
  "500": "b-1-py3-none-any.whl: its host answers 500",
  "other bytes": "b-1-py3-none-any.whl: it is not the file of the lock: its sha256 is",
  "a part of the file": /b-1-py3-none-any\.whl: it(?:s host gives no answer| is not the file of the lock)/,
  "a way to itself": "b-1-py3-none-any.whl: its host gives no answer (TooManyRedirects)",
  "a way to a file of the machine": "b-1-py3-none-any.whl: its host gives no answer (InvalidSchema)",
  nothing: "b-1-py3-none-any.whl: its host gives no answer (ConnectionError)",
};

/** A host of files that fails: one clear error, soon, and no image. */
export function lockedHostsOn(name: Engine["name"]): void {
  describeOn(name, "hosts of locked files", (engine) => {
    const docker = dockerOf(engine);
    const tag = "microb-test/locked-hosts";
    let host: Listening;

    beforeAll(async () => {
      const server = createServer((request, response) => {
        const [, kind = ""] = decodeURIComponent(request.url ?? "").split("/");
        ANSWERS[kind]?.answer(request, response);
      });
      host = await listen(server);
    });
    afterAll(() => host?.stop());

    /** Files are other ones each time: what an engine has it does not ask for. */
    const project = (kind: string, target = ""): Readonly<Record<string, string>> => ({
      "pyproject.toml": `# syntax=microb/microb
[project]
name = "locked"
version = "1.0"
dependencies = ["b"]

[tool.microb.target.default]
python_version = "3.13"
install = "source"
index_mirrors = { "https://files.example.org/" = "http://${host.host}/" }
${target}
`,
      "pylock.toml": `lock-version = "1.0"
created-by = "a test"

[[packages]]
name = "b"
version = "1"
wheels = [{ url = "https://user:hunter2@files.example.org/${encodeURIComponent(kind)}/b-1-py3-none-any.whl", hashes = { sha256 = "${process.hrtime.bigint().toString().padStart(64, "0")}" } }]
`,
    });

    const build = async (files: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<string> => {
      const cwd = tempProject(files);
      const flags = ["-t", tag, "-f", "pyproject.toml", ...args];
      const { code, stderr } = await docker(["build", ...flags, "."], { cwd, timeout: 60_000 });
      expect(code, stderr).toBe(1);
      expect(stderr).not.toMatch(/^\s+at .*[.:]\d+|node:internal|Traceback|TypeError/m);
      expect(stderr).not.toContain("hunter2");
      expect((await docker(["image", "inspect", tag])).code).not.toBe(0);
      return stderr;
    };

    test.each(Object.entries(ANSWERS))("that answer with %s", async (kind, { says }) => {
      const stderr = await build(project(kind));
      expect(stderr).toMatch(says);
      expect(stderr).toContain(`http://${host.host}/${encodeURIComponent(kind)}/b-1-py3-none-any.whl`);
      // The client of 20.10 drops what errors carry besides their text.
      if (name !== "floor") expect(stderr).toMatch(/2 \| >>> \[project\]/);
    });

    test.each(Object.entries(FETCHED))("that want credentials and answer with %s", async (kind, says) => {
      const index = `indices = [{ url = "http://${host.host}/simple/", username_secret = "user", password_secret = "password" }]`;
      const secrets = tempProject({ user: "me", password: "correct horse" });
      const flags = ["user", "password"].flatMap((id) => ["--secret", `id=${id},src=${secrets}/${id}`]);
      const stderr = await build(project(kind, index), flags);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/correct horse|correct%20horse/);
    });
  });
}
