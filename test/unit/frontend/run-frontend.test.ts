import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FRONTEND_CAPS } from "../../../src/frontend/check-frontend-caps.ts";
import { digestOf } from "../../../src/llb/digest.ts";
import type { ImageConfig } from "../../../src/oci/image-config.ts";
import { llb } from "../../../src/pb/generated.js";
import { fromInt64 } from "../../../src/pb/int64.ts";
import { ENGINE_20_API_CAPS, ENGINE_20_LLB_CAPS } from "../../support/capability-lists.ts";
import type { FakeBridge, FakeBridgeOptions } from "../../support/fake-bridge.ts";
import { runBuild as run } from "../../support/run-build.ts";

const PROJECT =
  '[project]\nname = "x"\n[build-system]\nrequires = []\n[tool.microb.target.default]\npython_version = "3.13"\nentrypoint = ["x"]\n';
const IMAGE = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/bin"] } };
const IMAGES = { "docker.io/library/python:3.13": IMAGE, "docker.io/library/python:3.13-slim": IMAGE };
const NEVER = new Promise<never>(() => {});

function projectFiles(toml: string): FakeBridgeOptions {
  const files = { "pyproject.toml": toml };
  return { locals: { dockerfile: files, context: files }, images: IMAGES };
}

async function message(bridge: FakeBridge): Promise<string> {
  return (await bridge.returned).error?.message ?? "";
}

test("a build returns one result, with config and platform", async () => {
  const bridge = await run(projectFiles(PROJECT), { "label:a": "b" });
  const { result, error } = await bridge.returned;
  expect(error).toBeFalsy();
  const config = JSON.parse(Buffer.from(result?.metadata?.["containerimage.config"] ?? "").toString());
  expect(config).toMatchObject({ os: "linux", config: { User: "65532:65532", Labels: { a: "b" } } });
  expect(bridge.requests("Return")).toHaveLength(1);
});

test("a simple build asks no more than it must", async () => {
  const { calls } = await run(projectFiles(PROJECT), { cmdline: "microb/microb" });
  const count = (method: string): number => calls.filter((call) => call.method === method).length;
  expect({
    Ping: count("Ping"),
    ReadDir: count("ReadDir"),
    ReadFile: count("ReadFile"),
    Solve: count("Solve"),
  }).toEqual({
    Ping: 1,
    // The neighbours; then the build file from both sides.
    ReadDir: 1,
    ReadFile: 2,
    // The build file, its neighbours, the image, and the check of what it starts.
    Solve: 4,
  });
  // Two base images, and the end.
  expect(calls.length).toBe(1 + 1 + 2 + 4 + 2 + 1);
});

test("a simple build waits for no more than five answers in a row", { retry: 2 }, async () => {
  const opts = { cmdline: "microb/microb" };
  // What is loaded late would count as waiting.
  await run(projectFiles(PROJECT), opts);
  let [answered, inARow] = [0, 0];
  const fail: FakeBridgeOptions["fail"] = async () => {
    const before = answered;
    await new Promise((resolve) => setTimeout(resolve, 100));
    answered = Math.max(answered, before + 1);
    inARow = Math.max(inARow, answered);
    return undefined;
  };
  await run({ ...projectFiles(PROJECT), fail }, opts);
  // The files; the build file and the list of its neighbours; the images; the graph; the end.
  expect(inARow).toBe(5);
});

test("what is wrong with the project is returned as an error, once, with its place", async () => {
  const bridge = await run(projectFiles("[project]\nname = 1\n"));
  expect(await message(bridge)).toContain("pyproject.toml:2:8: error: project.name must be a string");
  const { error } = await bridge.returned;
  expect(error?.details?.map(({ typeUrl }) => typeUrl)).toEqual(["github.com/moby/buildkit/errdefs.Source+json"]);
  expect(bridge.requests("Return")).toHaveLength(1);
});

test("an empty build file is told, not taken for a project without anything", async () => {
  expect(await message(await run(projectFiles(" \n")))).toMatch(
    /^pyproject\.toml:1:1: error: pyproject\.toml is empty \[context\.build-file\]/,
  );
});

test("an option that is not valid is told before anything is read", async () => {
  const bridge = await run(projectFiles(PROJECT), { "force-network-mode": "bridge", "add-hosts": "x" });
  expect(await message(bridge)).toMatch(/^2 errors:.*force-network-mode.*add-hosts/s);
});

test("an error of the daemon goes back with its code and details", async () => {
  const detail = {
    typeUrl: "github.com/moby/buildkit/errdefs.Vertex+json",
    value: Buffer.from('{"digest":"sha256:00"}'),
  };
  const bridge = await run({
    ...projectFiles(PROJECT),
    fail: (method) => (method === "ReadFile" ? { code: 13, message: "disk on fire", details: [detail] } : undefined),
  });
  const { error } = await bridge.returned;
  expect(error).toMatchObject({ code: 13, message: expect.stringContaining("disk on fire") });
  expect(error?.details?.[0]?.typeUrl).toBe(detail.typeUrl);
});

test("a base image that cannot be looked up is told with the key that chose it", async () => {
  const bridge = await run({ ...projectFiles(PROJECT), images: {} });
  expect(await message(bridge)).toMatch(/pyproject\.toml:6:18: error: the image python:3\.13 could not be resolved/);
});

test("a base image whose configuration is broken is told with the key of it", async () => {
  const broken = { os: "linux", architecture: "amd64", config: { Env: "PATH=/bin" } } as unknown as ImageConfig;
  const names = ["python:3.13", "python:3.13-slim"].map((name) => `docker.io/library/${name}`);
  const bridge = await run({
    ...projectFiles(PROJECT),
    images: Object.fromEntries(names.map((name) => [name, broken])),
  });
  const said = await message(bridge);
  expect(said).toMatch(/pyproject\.toml:6:18: error: the image python:3\.13 could not be resolved/);
  expect(said).toContain("its configuration is broken: config.Env must be a list");
});

test("an interruption is returned as an error", async () => {
  const interrupted = Promise.reject(new Error("the frontend was stopped"));
  interrupted.catch(() => {});
  const stuck: FakeBridgeOptions["fail"] = (method) => (method === "ReadFile" ? NEVER : undefined);
  const bridge = await run({ ...projectFiles(PROJECT), fail: stuck }, {}, interrupted);
  expect(await message(bridge)).toBe("the frontend was stopped");
  expect(bridge.requests("Return")).toHaveLength(1);
});

test("a subrequest is refused by its name", async () => {
  const bridge = await run(projectFiles(PROJECT), { requestid: "frontend.fortune" });
  const { error } = await bridge.returned;
  expect(error).toMatchObject({ message: "unsupported request frontend.fortune" });
  expect(error?.details?.[0]?.typeUrl).toBe("github.com/moby/buildkit/errdefs.Subrequest+json");
});

test("several platforms are built from one plan, and what they share is loaded once", async () => {
  const toml = PROJECT.replace("[build-system]", '[project.scripts]\nx = "x:y"\n[build-system]');
  const bridge = await run(projectFiles(toml), { platform: "linux/arm64,linux/amd64" });
  const { result, error } = await bridge.returned;
  expect(error).toBeFalsy();
  expect(Object.keys(result?.refs?.refs ?? {}).sort()).toEqual(["linux/amd64", "linux/arm64"]);
  const platforms = JSON.parse(Buffer.from(result?.metadata?.["refs.platforms"] ?? "").toString());
  expect(platforms.Platforms.map(({ ID }: { ID: string }) => ID)).toEqual(["linux/arm64", "linux/amd64"]);
  const config = Buffer.from(result?.metadata?.["containerimage.config/linux/arm64"] ?? "").toString();
  expect(JSON.parse(config)).toMatchObject({ architecture: "arm64", config: { Entrypoint: ["x"] } });

  const [one, other] = bridge
    .requests("Solve")
    .filter(({ evaluate }) => !evaluate)
    .slice(-2);
  const digests = (request: typeof one): readonly string[] => (request?.definition?.def ?? []).map(digestOf);
  const shared = digests(one).filter((digest) => digests(other).includes(digest));
  // The build context, and two files of ours.
  expect(shared).toHaveLength(3);
  const names = [one, other].map((request) =>
    Object.values(request?.definition?.metadata ?? {}).map(({ description }) => description?.["llb.customname"] ?? ""),
  );
  expect(names[0]?.filter((name) => name.startsWith("[linux/arm64 builder"))).not.toHaveLength(0);
  expect(names[1]?.filter((name) => name.startsWith("[linux/amd64 runtime"))).not.toHaveLength(0);
  // Two images for each platform, each asked for once.
  const asked = bridge.requests("ResolveImageConfig").map(({ logName }) => logName);
  expect(asked.sort()).toEqual(
    ["amd64", "arm64"].flatMap((architecture) =>
      ["3.13", "3.13-slim"].map(
        (tag) => `[linux/${architecture} internal] load metadata for docker.io/library/python:${tag}`,
      ),
    ),
  );
});

test("a base for another platform is a warning, for each platform and image, with the key that chose it", async () => {
  const apiCaps = [...ENGINE_20_API_CAPS, "gateway.warnings"];
  const opts = { platform: "linux/arm64,linux/amd64,linux/arm", "build-arg:UNUSED": "1" };
  const bridge = await run({ ...projectFiles(PROJECT), apiCaps }, opts);
  expect((await bridge.returned).error).toBeFalsy();
  const warnings = bridge.requests("Warn").map(({ short, ranges }) => [Buffer.from(short ?? "").toString(), ranges]);
  const where = [expect.objectContaining({ start: expect.objectContaining({ line: 6 }) })];
  expect(warnings.sort()).toEqual([
    ...["3.13", "3.13-slim"].flatMap((tag) =>
      ["arm/v7", "arm64"].map((architecture) => [
        `BasePlatformMismatch: the image python:${tag} is for linux/amd64, not for linux/${architecture} (line 6); help: use a base image for this platform, or build for the platform of the base image (--platform)`,
        where,
      ]),
    ),
    // What has nothing to do with the platform is said once.
    [expect.stringMatching(/^UnusedBuildArg: /), []],
  ]);
});

test.each([
  ["says nothing of it", { os: "", architecture: "" }],
  ["says it in other words", { os: "Linux", architecture: "x86_64" }],
])("a base that %s is for the platform asked for", async (_, about) => {
  const images = Object.fromEntries(Object.keys(IMAGES).map((name) => [name, { ...about, config: IMAGE.config }]));
  const apiCaps = [...ENGINE_20_API_CAPS, "gateway.warnings"];
  const bridge = await run({ ...projectFiles(PROJECT), images, apiCaps }, { platform: "linux/amd64" });
  expect((await bridge.returned).error).toBeFalsy();
  expect(bridge.requests("Warn")).toEqual([]);
});

test("of too many warnings the last says so", async () => {
  const env = Array.from({ length: 60 }, (_, index) => `A${index}_TOKEN = "x"`).join(", ");
  const apiCaps = [...ENGINE_20_API_CAPS, "gateway.warnings"];
  const bridge = await run({ ...projectFiles(`${PROJECT}env = { ${env} }\n`), apiCaps });
  expect((await bridge.returned).error).toBeFalsy();
  const warnings = bridge.requests("Warn").map(({ short }) => Buffer.from(short ?? "").toString());
  expect(warnings).toHaveLength(51);
  expect(warnings.at(-1)).toBe("MoreFindings: 10 more are not shown");
});

test("limits that the daemon does not know are left out", async () => {
  const opts = { ulimit: "nofile=1:2", "shm-size": "1048576", "cgroup-parent": "ci", memory: "1024" };
  const execs = async (llbCaps?: readonly string[]) => {
    const bridge = await run({ ...projectFiles(PROJECT), ...(llbCaps && { llbCaps }) }, opts);
    const definition = bridge.requests("Solve").at(-1)?.definition;
    return (definition?.def ?? []).flatMap((bytes) => {
      const { exec } = llb.Op.decode(bytes);
      if (!exec) return [];
      const resources = definition?.metadata?.[digestOf(bytes)]?.linuxResources;
      const shm = exec.mounts.find(({ dest }) => dest === "/dev/shm")?.tmpfsOpt?.size;
      const [size, memory] = [shm, resources?.memory].map((value) => value && Number(fromInt64(value)));
      return [{ ulimit: exec.meta?.ulimit.length, cgroup: exec.meta?.cgroupParent, size, memory }];
    });
  };
  const old = await execs();
  expect(old.length).toBeGreaterThan(1);
  for (const exec of old) expect(exec).toEqual({ ulimit: 0, cgroup: "" });
  const caps = ["exec.meta.ulimit", "exec.meta.cgroup.parent", "exec.mount.tmpfs.size", "exec.meta.linux.resources"];
  for (const exec of await execs([...ENGINE_20_LLB_CAPS, ...caps])) {
    expect(exec).toEqual({ ulimit: 1, cgroup: "ci", size: 1048576, memory: 1024 });
  }
});

test("a time that is set reaches what becomes the image, and nothing before it", async () => {
  const bridge = await run(projectFiles(PROJECT), { "build-arg:SOURCE_DATE_EPOCH": "1700000000" });
  const image = bridge.requests("Solve").findLast(({ evaluate }) => !evaluate);
  const ops = (image?.definition?.def ?? []).map((bytes) => llb.Op.decode(bytes));
  const times = ops.flatMap(({ file }) =>
    (file?.actions ?? [])
      .filter(({ mkfile }) => !mkfile)
      .map(({ copy, mkdir }) => String(fromInt64(copy?.timestamp ?? mkdir?.timestamp ?? 0))),
  );
  expect(times).toEqual(["-1", "1700000000000000000", "1700000000000000000"]);
  const { result } = await bridge.returned;
  expect(Buffer.from(result?.metadata?.["source.date.epoch"] ?? "").toString()).toBe("1700000000");
});

test("what a client demands is there, or named in an error that clients know", async () => {
  const demand = (caps: string) => run(projectFiles(PROJECT), { "frontend.caps": caps });
  const known = await demand("moby.buildkit.frontend.contexts+forward,moby.buildkit.frontend.subrequests");
  expect((await known.returned).error).toBeFalsy();
  const { error } = await (await demand("moby.buildkit.frontend.fortune")).returned;
  expect(error).toMatchObject({ code: 12, message: "unsupported frontend capability moby.buildkit.frontend.fortune" });
  expect(error?.details?.[0]?.typeUrl).toBe("github.com/moby/buildkit/errdefs.FrontendCap+json");
});

test("the image says what the frontend can do", () => {
  const label = /moby\.buildkit\.frontend\.caps="([^"]+)"/.exec(readFileSync("Dockerfile", "utf8"))?.[1];
  expect(label?.split(",")).toEqual(FRONTEND_CAPS);
});
