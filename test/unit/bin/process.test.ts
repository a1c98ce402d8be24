import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFrontend } from "../../../script/bundle-frontend.ts";
import { type FakeBridge, type FakeBridgeOptions, serveFakeBridge } from "../../support/fake-bridge.ts";
import { processorTime } from "../../support/processor-time.ts";

const PROJECT = '[project]\nname = "x"\n[tool.microb.target.default]\npython_version = "3.13"\ninstall = "source"\n';
const IMAGE = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/bin"] } };
const IMAGES = { "docker.io/library/python:3.13": IMAGE, "docker.io/library/python:3.13-slim": IMAGE };

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "microb-process-"));
  await bundleFrontend(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const DISK_ON_FIRE = { code: 2, message: "disk on fire", details: [] };

type Running = Readonly<{ child: ChildProcess; bridge: FakeBridge; ended: Promise<Ending> }>;
type Ending = Readonly<{ code: number | null; stderr: string }>;

function daemonWith(toml: string): FakeBridgeOptions {
  const files = { "pyproject.toml": toml };
  return { locals: { dockerfile: files, context: files }, images: IMAGES };
}

/** The real program in a process of its own, with a fake daemon on its pipes. */
async function start(
  bridgeOptions: FakeBridgeOptions | ((pid: number) => FakeBridgeOptions),
  {
    opts = {},
    nodeArgs = [],
  }: Readonly<{ opts?: Readonly<Record<string, string>>; nodeArgs?: readonly string[] }> = {},
): Promise<Running> {
  const env = {
    PATH: process.env["PATH"],
    BUILDKIT_SESSION_ID: "session",
    BUILDKIT_WORKERS: JSON.stringify([{ ID: "w", Platforms: [{ architecture: "amd64", os: "linux" }] }]),
    ...Object.fromEntries(
      Object.entries(opts).map(([key, value], i) => [`BUILDKIT_FRONTEND_OPT_${i}`, `${key}=${value}`]),
    ),
  };
  const child = spawn(process.execPath, [...nodeArgs, join(directory, "bundle.cjs")], { env });
  const options = typeof bridgeOptions === "function" ? bridgeOptions(child.pid ?? 0) : bridgeOptions;
  const bridge = await serveFakeBridge({ stdin: child.stdin, stdout: child.stdout }, options);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on("close", (code) => {
      bridge.close();
      resolve({ code, stderr });
    });
  });
  return { child, bridge, ended };
}

/** Never answers calls of one method, and tells when there is one. */
function stuckAt(method: string): Readonly<{ reached: Promise<void>; options: FakeBridgeOptions }> {
  let reach: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const fail: FakeBridgeOptions["fail"] = (called) => {
    if (called !== method) return undefined;
    reach();
    return new Promise(() => {});
  };
  return { reached, options: { ...daemonWith(PROJECT), fail } };
}

test("200 builds, eight at a time, all end as they should", async () => {
  const kinds: readonly Readonly<{ daemon: FakeBridgeOptions; says?: string }>[] = [
    { daemon: daemonWith(PROJECT) },
    { daemon: daemonWith("[project]\nname = 1\n"), says: "project.name must be a string" },
    { daemon: { ...daemonWith(PROJECT), images: {} }, says: "could not be resolved" },
    {
      daemon: { ...daemonWith(PROJECT), fail: (method) => (method === "Solve" ? DISK_ON_FIRE : undefined) },
      says: "disk on fire",
    },
  ];
  const queue = Array.from({ length: 200 }, (_, index) => index);
  const worker = async (): Promise<void> => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      const { daemon, says } = kinds[index % kinds.length] ?? { daemon: {} };
      const { bridge, ended } = await start(daemon, { opts: { "label:number": String(index) } });
      const { result, error } = await bridge.returned;
      const { code, stderr } = await ended;
      expect(bridge.requests("Return")).toHaveLength(1);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      if (says !== undefined) expect(error?.message).toContain(says);
      else {
        const config = JSON.parse(Buffer.from(result?.metadata?.["containerimage.config"] ?? "").toString());
        expect(config.config.Labels.number).toBe(String(index));
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}, 180_000);

test("a signal ends a build with one error", async () => {
  const { reached, options } = stuckAt("ResolveImageConfig");
  const { child, bridge, ended } = await start(options);
  await reached;
  child.kill("SIGTERM");
  expect((await bridge.returned).error?.message).toBe("the frontend was stopped");
  expect((await ended).code).toBe(0);
  expect(bridge.requests("Return")).toHaveLength(1);
});

test.each([
  ["thrown", "throw new Error('surprise')"],
  ["rejected", "Promise.reject(new Error('surprise'))"],
])("an error that is %s where nobody waits for it ends a build with one error", async (_, statement) => {
  const { options } = stuckAt("ResolveImageConfig");
  const script = join(directory, "surprise.cjs");
  writeFileSync(script, `setTimeout(() => { ${statement} }, 400);`);
  const { bridge, ended } = await start(options, { nodeArgs: ["--require", script] });
  expect((await bridge.returned).error?.message).toContain("surprise");
  expect((await ended).code).toBe(0);
  expect(bridge.requests("Return")).toHaveLength(1);
});

test.each([
  "ReadFile",
  "ResolveImageConfig",
  "Solve",
  "Return",
])("a daemon that goes away during %s leaves no process behind", async (method) => {
  const { reached, options } = stuckAt(method);
  const { bridge, ended } = await start(options);
  await reached;
  const gone = processorTime();
  bridge.close();
  const { code, stderr } = await ended;
  expect(processorTime() - gone).toBeLessThan(5000);
  expect(code).toBe(1);
  expect(stderr).toContain("the connection to BuildKit was closed");
});

test.each([
  ["a small project", PROJECT],
  ["a project of nearly a megabyte", `${PROJECT}labels = { a = "${"x".repeat(900_000)}" }\n`],
  [
    "five thousand dependencies",
    PROJECT.replace(
      'name = "x"',
      `name = "x"\ndependencies = [${Array.from({ length: 5000 }, (_, i) => `"package-${i}>=1.${i}"`).join(", ")}]`,
    ),
  ],
  ["a build file of 5 MB", `${PROJECT}# ${"x".repeat(5 << 20)}\n`],
])("%s takes at most 120 MB of memory", async (_, toml) => {
  let peak = 0;
  const { bridge, ended } = await start((pid) => ({
    ...daemonWith(toml),
    fail: (method) => {
      // The high-water mark of the whole process, as the kernel keeps it.
      if (method === "Return")
        peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
      return undefined;
    },
  }));
  await bridge.returned;
  await ended;
  expect(peak).toBeGreaterThan(20_000);
  expect(peak).toBeLessThan(120_000);
});

const LOCKED_IMAGE = {
  ...IMAGE,
  config: { Env: ["PYTHON_VERSION=3.13.5"] },
  history: [{ created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1749513600'" }],
};

/** A lock of so many packages with so many wheels each. */
function lockOf(packages: number, wheels: number): string {
  const hash = "0".repeat(64);
  const wheel = (name: string, index: number): string =>
    `    { url = "https://files.pythonhosted.org/packages/aa/bb/${hash.slice(4)}/${name}-1.0-${index === 0 ? "py3-none-any" : `cp313-cp313-macosx_${index}_0_arm64`}.whl", hash = "sha256:${hash}", size = 1000, upload-time = "2025-01-01T00:00:00Z" },`;
  const names = Array.from({ length: packages }, (_, index) => `p${index}`);
  return `version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "x"
version = "1"
source = { editable = "." }
dependencies = [${names.map((name) => `{ name = "${name}" }`).join(", ")}]
${names
  .map(
    (name) => `
[[package]]
name = "${name}"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [
${Array.from({ length: wheels }, (_, index) => wheel(name, index)).join("\n")}
]
`,
  )
  .join("")}`;
}

test.each([
  ["five hundred packages, 1 MB", lockOf(500, 8), 120_000, undefined],
  ["three thousand packages, 3 MB", lockOf(3000, 3), 180_000, undefined],
  ["20 MB", lockOf(500, 140), 170_000, "microb reads at most 16777216"],
  ["30 MB of anything", "x".repeat(30_000_000), 170_000, 'the file "uv.lock" is too large'],
])("a lock of %s takes little memory and time", async (_, lock, most, says) => {
  let peak = 0;
  const files = { "pyproject.toml": PROJECT, "uv.lock": lock };
  const started = processorTime();
  const { bridge, ended } = await start((pid) => ({
    locals: { dockerfile: files, context: files },
    images: {
      "docker.io/library/python:3.13": LOCKED_IMAGE,
      "docker.io/library/python:3.13-slim": LOCKED_IMAGE,
    },
    fail: (method) => {
      if (method === "Return")
        peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
      return undefined;
    },
  }));
  const { error } = await bridge.returned;
  const took = processorTime() - started;
  await ended;
  if (says === undefined) expect(error?.message).toBeUndefined();
  else expect(error?.message).toContain(says);
  expect(peak).toBeLessThan(most);
  expect(took).toBeLessThan(5000);
});
