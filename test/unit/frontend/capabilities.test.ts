import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { runFrontend } from "../../../src/frontend/run-frontend.ts";
import { connectStdio } from "../../../src/gateway/stdio-transport.ts";
import { toDefinition } from "../../../src/llb/definition.ts";
import { dump } from "../../../src/llb/dump.ts";
import { RECENT_API_CAPS, RECENT_LLB_CAPS } from "../../support/capability-lists.ts";
import { type FakeBridgeOptions, serveFakeBridge } from "../../support/fake-bridge.ts";

/** Uses all that has a capability of its own. */
const PROJECT = `[project]
name = "all"
version = "1"
dependencies = ["tool @ git+ssh://git@git.example.org/tool.git@v1"]
[build-system]
requires = ["hatchling"]
[tool.microb.target.default]
python_version = "3.13"
build_deps = ["gcc"]
env = { A = "$UNSET" }
copy_files = [{ from = "things", src = "a", dst = "/a" }, { from = "repository", src = "b", dst = "/b" }]
add_files = [{ src = "https://example.org/c", dst = "/c", checksum = "sha256:${"0".repeat(64)}" }]
indices = [{ url = "https://packages.example.org/simple/", username_secret = "user", password_secret = "password" }]
`;

const OPTS: Readonly<Record<string, string>> = {
  ulimit: "nofile=1:2",
  "shm-size": "1048576",
  "cgroup-parent": "ci",
  memory: "1048576",
  "force-network-mode": "none",
  "image-resolve-mode": "pull",
  "no-cache": "",
  "cache-from": "cache.example.org/a",
  "build-arg:HTTP_PROXY": "http://proxy.example.org",
  "build-arg:SOURCE_DATE_EPOCH": "1",
  "context:things": "local:things",
  "context:repository": "https://git.example.org/b.git#main:sub",
};

const API_CAPS = RECENT_API_CAPS;
const LLB_CAPS = [
  ...RECENT_LLB_CAPS,
  "source.git.subdir",
  "source.git.mtime",
  "source.git.mountsshsock",
  "exec.meta.cgroup.parent",
  "exec.meta.linux.resources",
];
const IMAGE = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/bin"] } };
const FILES = { "pyproject.toml": PROJECT };
const DAEMON: FakeBridgeOptions = {
  locals: { dockerfile: FILES, context: FILES, things: { a: "" } },
  images: { "docker.io/library/python:3.13": IMAGE, "docker.io/library/python:3.13-slim": IMAGE },
};

type Outcome = Readonly<{ error: string; graph: string; calls: readonly string[] }>;

async function buildOn(apiCaps: readonly string[], llbCaps: readonly string[]): Promise<Outcome> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const bridge = await serveFakeBridge({ stdin, stdout }, { ...DAEMON, apiCaps, llbCaps });
  const env = {
    BUILDKIT_SESSION_ID: "session",
    BUILDKIT_WORKERS: JSON.stringify([{ ID: "w", Platforms: [{ architecture: "amd64", os: "linux" }] }]),
    ...Object.fromEntries(
      Object.entries(OPTS).map(([key, value], i) => [`BUILDKIT_FRONTEND_OPT_${i}`, `${key}=${value}`]),
    ),
  };
  await runFrontend({ transport: await connectStdio({ stdin, stdout }), env, interrupted: new Promise(() => {}) });
  const { error, result } = await bridge.returned;
  bridge.close();
  // The check of the start holds the graph of the image. Which of them is solved last depends on what takes longer.
  const solved = bridge.requests("Solve").map((request) => ({ request, size: request.definition?.def?.length ?? 0 }));
  const last = solved.sort((one, other) => other.size - one.size)[0]?.request;
  const metadata = Object.keys(result?.metadata ?? {}).sort();
  return {
    error: error?.message ?? "",
    graph: error ? "" : dump(toDefinition(last?.definition ?? {})),
    calls: error
      ? []
      : [
          ...new Set(bridge.calls.map(({ method }) => method)),
          ...(last?.cacheImports?.length ? ["cache imports"] : []),
          ...(result?.refDeprecated ? ["deprecated result"] : []),
          ...metadata,
        ].sort(),
  };
}

/** What changes: lines that go and lines that come. */
function change(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
  ].map((line) => (line.length > 160 ? `${line.slice(0, 160)}…` : line));
}

const whole = buildOn(API_CAPS, LLB_CAPS);

async function without(apiCaps: readonly string[], llbCaps: readonly string[]): Promise<readonly string[]> {
  const [before, after] = [await whole, await buildOn(apiCaps, llbCaps)];
  if (after.error !== "") return [`error: ${after.error}`];
  return [
    ...change(before.calls, after.calls),
    ...change([...new Set(before.graph.split("\n"))], [...new Set(after.graph.split("\n"))]),
  ];
}

test("a daemon that can do everything", async () => {
  expect((await whole).error).toBe("");
  expect((await whole).graph).toMatchSnapshot();
});

describe("a daemon that lacks one capability gets another graph, or an error says what it lacks", () => {
  test.each(LLB_CAPS)("of ops: %s", async (capability) => {
    const outcome = await without(
      API_CAPS,
      LLB_CAPS.filter((one) => one !== capability),
    );
    if (outcome[0]?.startsWith("error:")) expect(outcome[0]).toContain(`lacks the capability ${capability}`);
    expect(outcome).toMatchSnapshot();
  });

  test.each(API_CAPS)("of calls: %s", async (capability) => {
    const outcome = await without(
      API_CAPS.filter((one) => one !== capability),
      LLB_CAPS,
    );
    if (outcome[0]?.startsWith("error:")) expect(outcome[0]).toContain(`lacks the capability ${capability}`);
    expect(outcome).toMatchSnapshot();
  });
});

test("no graph asks for a capability that the daemon did not name", async () => {
  for (const capability of LLB_CAPS) {
    const caps = LLB_CAPS.filter((one) => one !== capability);
    const { graph } = await buildOn(API_CAPS, caps);
    expect(graph).not.toMatch(new RegExp(`^ +caps:(?: \\S+)* ${capability.replaceAll(".", "\\.")}(?: |$)`, "m"));
  }
});

test("a daemon from before there were capabilities is told what it lacks", async () => {
  expect((await buildOn([], [])).error).toContain("needs a newer BuildKit: this one lacks the capability");
});
