import { spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { WARM_ENV, warmRun } from "../../script/warm-run.ts";
import { dockerEnv, type Engine } from "../engine/engines.ts";
import { dockerOf, output } from "../support/docker.ts";
import { FRONTEND } from "./setup.ts";

/** The image must not weigh more, on amd64. */
const MOST_BYTES = { unpacked: 112e6, compressed: 43e6 };

const NODE = "/usr/local/bin/node";
/** Starts the frontend, but ends when V8 has looked at the code cache, and prints what it said. */
const LOOK_AT_CACHE = `const vm = require("node:vm"), { Script } = vm;
vm.Script = class extends Script {
  constructor(...args) { super(...args); console.log(this.cachedDataRejected); process.exit(0); }
};
require("/microb/main.cjs");`;

/** More platforms to build and run, where this machine can: `MICROB_TEST_PLATFORMS="linux/386 linux/arm/v7"`. */
const PLATFORMS = process.env["MICROB_TEST_PLATFORMS"]?.split(" ") ?? [];

describe.each(inject("engines"))("the image on $name", (engine) => {
  const run = frontendRunner(engine, FRONTEND);

  test("V8 accepts the code cache", async () => {
    expect(await acceptsCache(engine, FRONTEND)).toBe("false\n");
  });

  test("a whole build runs in it, without a network and with nothing but its standard streams", async () => {
    await run();
  });

  test("with arguments it is the command line, in the directory that is mounted", async () => {
    const docker = dockerOf(engine);
    const directory = mkdtempSync(join(tmpdir(), "microb-mounted-"));
    writeFileSync(join(directory, "pyproject.toml"), '[project]\nname = "mounted"\nversion = "1"\n');
    const mounted = ["run", "--rm", "-v", `${directory}:/src:ro`, "-w", "/src", "--network", "none", FRONTEND];
    try {
      expect(await output(docker, ["run", "--rm", FRONTEND, "--help"])).toContain("Usage: microb [options]");
      expect(await output(docker, ["run", "--rm", FRONTEND, "--version"])).toMatch(/^microb \d+\.\d+\.\d+\n$/);
      expect(await output(docker, [...mounted, "-dockerfile"])).toMatch(/^# Made by microb/);
      expect((await output(docker, [...mounted, "-llb"])).length).toBeGreaterThan(1000);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("the command line runs as the user who asks, and says which file that user may not read", async () => {
    const directory = mkdtempSync(join(tmpdir(), "microb-own-"));
    writeFileSync(join(directory, "pyproject.toml"), '[project]\nname = "own"\nversion = "1"\n');
    const args = ["-v", `${directory}:/src:ro`, "-w", "/src", FRONTEND, "-dockerfile"];
    try {
      // mkdtemp lets nobody but the owner in.
      const { code, stderr } = await dockerOf(engine)(["run", "--rm", "--user", "12345", ...args]);
      expect(code).toBe(1);
      expect(stderr).toContain("error: cannot read pyproject.toml: EACCES: permission denied");
      expect(await output(dockerOf(engine), ["run", "--rm", ...args])).toMatch(/^# Made by microb/);
      chownSync(directory, 12345, 12345);
      expect(await output(dockerOf(engine), ["run", "--rm", "--user", "12345", ...args])).toMatch(/^# Made by microb/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("a code cache that is damaged, or not there, does no harm", async () => {
    const directory = mkdtempSync(join(tmpdir(), "microb-cache-"));
    const cache = join(directory, "bundle.cjs.v8");
    writeFileSync(cache, "not a cache");
    try {
      expect(await acceptsCache(engine, FRONTEND, "-v", `${cache}:/microb/bundle.cjs.v8:ro`)).toBe("true\n");
      await run("-v", `${cache}:/microb/bundle.cjs.v8:ro`);
      await run("-v", "/dev/null:/microb/bundle.cjs.v8:ro");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

const [newest] = [...inject("engines")].reverse();
describe.skipIf(newest === undefined)("what is in the image", () => {
  const engine = newest as Engine;
  let files: ReadonlyMap<string, Buffer>;
  beforeAll(async () => {
    files = await readImage(engine, FRONTEND);
  });

  test("Node, what it loads, the program, and licences: no shell and no package manager", () => {
    const others = [...files.keys()].filter(
      (path) => !/^(?:usr\/)?lib(?:64)?\/(?:[\w-]+\/)?(?:lib[\w+-]+|ld-[\w-]+)\.so\.\d+$/.test(path),
    );
    expect(others.filter((path) => !path.startsWith("licenses/")).sort()).toEqual([
      "microb/LICENSE",
      "microb/THIRD-PARTY.txt",
      "microb/bundle.cjs",
      "microb/bundle.cjs.v8",
      "microb/cli.cjs",
      "microb/main.cjs",
      "microb/start",
      "usr/local/bin/node",
    ]);
  });

  test("every library comes with its licence", () => {
    expect([...files.keys()]).toEqual(expect.arrayContaining(["licenses/libc6", "licenses/libstdc++6"]));
  });

  test.runIf(process.arch === "x64")("it is as small as promised", () => {
    const bytes = Buffer.concat([...files.values()]);
    expect(bytes.length).toBeLessThanOrEqual(MOST_BYTES.unpacked);
    expect(gzipSync(bytes).length).toBeLessThanOrEqual(MOST_BYTES.compressed);
  });
});

describe.skipIf(newest === undefined).each(PLATFORMS)("the image for %s", (platform) => {
  const engine = newest as Engine;
  const image = `microb-test/${platform.replaceAll("/", "-")}`;
  const args = (process.env["MICROB_TEST_BUILD_ARGS"]?.split(" ") ?? []).flatMap((arg) => ["--build-arg", arg]);
  beforeAll(() => output(dockerOf(engine), ["build", "--platform", platform, ...args, "-t", image, "."]));
  afterAll(() => dockerOf(engine)(["rmi", "-f", image]));

  test("a whole build runs in it, from its own code cache", async () => {
    await frontendRunner(engine, image)("--platform", platform);
    expect(await acceptsCache(engine, image, "--platform", platform)).toBe("false\n");
  });
});

function frontendRunner(engine: Engine, image: string) {
  const variables = Object.entries(WARM_ENV).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const env = { ...process.env, ...dockerEnv(engine) };
  return (...flags: readonly string[]): Promise<void> =>
    warmRun([engine.cli, "run", "--rm", "-i", "--network", "none", ...flags, ...variables, image], env);
}

function acceptsCache(engine: Engine, image: string, ...flags: readonly string[]): Promise<string> {
  return output(dockerOf(engine), [
    "run",
    "--rm",
    "-e",
    "BUILDKIT_SESSION_ID=",
    ...flags,
    "--entrypoint",
    NODE,
    image,
    "-e",
    LOOK_AT_CACHE,
  ]);
}

/** The files of an image by their paths, from a container that is never started. */
async function readImage(engine: Engine, image: string): Promise<ReadonlyMap<string, Buffer>> {
  const docker = dockerOf(engine);
  const container = (await output(docker, ["create", "--label", "microb.test=1", image])).trim();
  const child = spawn(engine.cli, ["export", container], { env: { ...process.env, ...dockerEnv(engine) } });
  const files = new Map<string, Buffer>();
  for await (const entry of child.stdout.pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const path = entry.header.name;
    // What an engine puts into every container.
    if (entry.header.type === "file" && !/^(?:\.dockerenv|dev\/|etc\/)/.test(path))
      files.set(path, Buffer.concat(chunks));
  }
  await output(docker, ["rm", "-f", container]);
  return files;
}
