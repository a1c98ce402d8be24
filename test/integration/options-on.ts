import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { type Engine, readEngines } from "../engine/engines.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, output } from "../support/docker.ts";
import { PRINT_REPORT, type ProbeReport, probeProject } from "../support/probe-project.ts";
import { tempProject } from "../support/temp-project.ts";

/** Flags of `docker build`, seen from inside of the build and in the image. */
export function optionsOn(name: Engine["name"]): void {
  describeOn(name, "options", (engine) => {
    const docker = dockerOf(engine);
    const tag = "microb-test/probe";
    afterAll(() => docker(["rmi", "-f", tag]));

    async function report(files: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<ProbeReport> {
      const directory = tempProject(files);
      await output(docker, ["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
      return JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
    }
    const config = async (): Promise<Readonly<{ Env: readonly string[]; Labels: Record<string, string> }>> =>
      JSON.parse(await output(docker, ["image", "inspect", "-f", "{{json .Config}}", tag]));

    test("--no-cache runs what is cached", async () => {
      const first = await report(probeProject());
      expect((await report(probeProject())).token).toBe(first.token);
      expect((await report(probeProject(), "--no-cache")).token).not.toBe(first.token);
    });

    test("a change of metadata or of another table does not run the environment's step again", async () => {
      const files = probeProject('labels = { a = "1" }');
      const { token } = await report(files);
      const other = { ...files, "pyproject.toml": (files["pyproject.toml"] ?? "").replace('a = "1"', 'a = "2"') };
      expect((await report(other)).token).not.toBe(token);
      expect((await config()).Labels).toMatchObject({ a: "2" });
    });

    test("--add-host is known to the build", async () => {
      expect((await report(probeProject(), "--add-host", "db.example:10.1.2.3")).hosts).toMatch(
        /^10\.1\.2\.3\s+db\.example$/m,
      );
    });

    test("the build has the hostname that it is given", async () => {
      const flags = ["--no-cache", "--build-arg", "BUILDKIT_SANDBOX_HOSTNAME=builder.example"];
      expect((await report(probeProject(), ...flags)).hostname).toBe("builder.example");
    });

    test("--network none leaves loopback only, --network host is the host's", async () => {
      expect((await report(probeProject(), "--network", "none", "--no-cache")).interfaces).toEqual(["lo"]);
      const onHost = await report(probeProject(), "--network", "host", "--no-cache");
      expect(onHost.interfaces).toContain("mb-floor");
    });

    test("proxies reach the build, and neither the image nor the cache key", async () => {
      const { token } = await report(probeProject());
      const proxy = "http://user:password@127.0.0.1:9";
      const again = await report(probeProject(), "--build-arg", `HTTP_PROXY=${proxy}`);
      expect(again.token).toBe(token);
      const forced = await report(probeProject(), "--no-cache", "--build-arg", `HTTP_PROXY=${proxy}`);
      expect(forced.env).toMatchObject({ http_proxy: proxy, HTTP_PROXY: proxy });
      const image = await output(docker, ["image", "inspect", tag]);
      const history = await output(docker, ["history", "--no-trunc", tag]);
      expect(image + history).not.toContain("password");
    });

    test("--label beats the labels table, --build-arg fills variables", async () => {
      const table =
        'labels = { "org.example.a" = "table", "org.example.b" = "${B:-none}" }\nenv = { C = "${C}-$LANG" }';
      await report(
        probeProject(table),
        "--label",
        "org.example.a=flag",
        "--build-arg",
        "B=given",
        "--build-arg",
        "C=c",
      );
      const { Labels, Env } = await config();
      expect(Labels).toMatchObject({ "org.example.a": "flag", "org.example.b": "given" });
      expect(Env).toContain("C=c-C.UTF-8");
    });

    test("--platform may be one word, which 20.10 passes on as it is", async () => {
      await report(probeProject(), "--platform", "linux");
      const { token } = await report(probeProject(), "--platform", "amd64");
      expect(token).toMatch(/^[0-9a-f]{32}$/);
      expect(await output(docker, ["image", "inspect", "-f", "{{.Os}}/{{.Architecture}}", tag])).toBe("linux/amd64\n");
    });

    test("--pull asks the registry", async () => {
      expect((await report(probeProject(), "--pull")).token).toMatch(/^[0-9a-f]{32}$/);
    });

    test("BUILDKIT_SYNTAX stands in for the first line", async () => {
      const files = probeProject("", "");
      expect((await report(files, "--build-arg", "BUILDKIT_SYNTAX=microb/microb")).files).toContain("pyproject.toml");
    });

    test.skipIf(engine.buildx === null)(
      "--build-context stands in for images: another image, a directory",
      async () => {
        const table = 'copy_files = [{ src = "a.txt", dst = "/a.txt", from = "files" }]';
        const files = tempProject({ "a.txt": "from a directory" });
        const flags = [
          "--build-context",
          "python:3.13-slim=docker-image://python:3.11-slim",
          "--build-context",
          `files=${files}`,
        ];
        const directory = tempProject(probeProject(table));
        await output(docker, ["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
        expect(await output(docker, ["run", "--rm", "--entrypoint", "cat", tag, "/a.txt"])).toBe("from a directory");
        expect(await output(docker, ["run", "--rm", "--entrypoint", "/usr/local/bin/python3", tag, "-V"])).toMatch(
          /^Python 3\.11/,
        );
      },
    );

    test("add_files checks the checksum of a download", async () => {
      const url = readEngines()?.index ?? "";
      const right = createHash("sha256")
        .update(Buffer.from(await (await fetch(url)).arrayBuffer()))
        .digest("hex");
      const add = (checksum: string): Readonly<Record<string, string>> =>
        probeProject(
          `add_files = [{ src = "${url}", dst = "/page.html", checksum = "sha256:${checksum}", chmod = "0444" }]`,
        );
      await report(add(right));
      expect(await output(docker, ["run", "--rm", "--entrypoint", "stat", tag, "-c", "%a %u", "/page.html"])).toBe(
        "444 0\n",
      );
      const cwd = tempProject(add("0".repeat(64)));
      const failed = await docker(["build", "-t", `${tag}-wrong`, "-f", "pyproject.toml", "."], { cwd });
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(/digest mismatch/);
    });

    test("a named build file stands in for pyproject.toml", async () => {
      const { "pyproject.toml": text = "", ...others } = probeProject();
      const directory = tempProject({ ...others, "pyproject.toml": "not = 'this'\n", "pyproject.prod.toml": text });
      await output(docker, ["build", "-t", tag, "-f", "pyproject.prod.toml", "."], { cwd: directory });
      const { files } = JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
      expect(files).toContain("pyproject.prod.toml");
    });

    test("ignore files and the project's own droppings stay out, what is asked back comes in", async () => {
      const extra = {
        "secret.txt": "",
        "notes.md": "",
        "build/lib/x.py": "",
        "dist/kept.txt": "",
        ".venv/bin/python": "",
        ".git/HEAD": "",
      };
      const common = await report({
        ...probeProject(),
        ...extra,
        ".dockerignore": "# comment\n/secret.txt\n*.md\n!dist/kept.txt\n",
      });
      expect(common.files).toEqual([".dockerignore", "backend/backend.py", "dist/kept.txt", "pyproject.toml"]);
      const own = await report({
        ...probeProject(),
        ...extra,
        ".dockerignore": "*.md",
        "pyproject.toml.dockerignore": "secret.txt\n",
      });
      expect(own.files).toContain("notes.md");
      expect(own.files).not.toContain("secret.txt");
    });
  });
}
