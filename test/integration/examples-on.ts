import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emitDockerfile } from "../../src/emit/dockerfile.ts";
import type { Engine } from "../engine/engines.ts";
import { BYTECODE_REPORT } from "../support/bytecode-report.ts";
import { describeOn } from "../support/describe-on.ts";
import { type Docker, dockerOf, output } from "../support/docker.ts";
import { EXAMPLES, type Example, type ExampleImage, type ExampleRun, planExample } from "../support/examples.ts";
import { difference, imageContents } from "../support/image-contents.ts";

/**
 * Paths that apt, dpkg and the account tools make different in any two builds of the same Dockerfile. Reviewed: nothing
 * in them depends on how the build was described.
 */
const DIFFERENT_IN_ANY_TWO_BUILDS =
  /^(?:var\/log\/(?:apt|dpkg\.log|alternatives\.log).*|var\/cache\/ldconfig\/aux-cache|var\/lib\/dpkg\/.*)$/;

/** Examples whose Dockerfile takes a recent dialect. */
const LOCKED = ["locked", "pylock"];

/** Builds, runs and compares examples on one engine: all that need no server, or those named. */
export function examplesOn(name: Engine["name"], names?: readonly string[]): void {
  describeOn(name, "examples", (engine) => {
    const chosen = EXAMPLES.filter(
      (example) => example.fixture === undefined && (names?.includes(example.name) ?? true),
    );
    for (const example of chosen) {
      for (const [index, image] of example.images.entries()) {
        describe(`${example.name} ${image.name ?? ""}`, () => exampleImage(engine, example, image, index));
      }
    }
  });
}

function exampleImage(engine: Engine, example: Example, image: ExampleImage, index: number): void {
  const docker = dockerOf(engine);
  const tag = `microb-test/${example.name}-${index}`;
  const twin = `${tag}-dockerfile`;
  const build = image.build ?? [];
  let missing: string | undefined;

  beforeAll(async () => {
    if (example.needs !== undefined && (await docker(["pull", example.needs])).code !== 0) {
      missing = `${example.needs} cannot be pulled on ${engine.name}`;
      console.error(`\nSKIPPED: the example ${example.name} was neither built nor run: ${missing}.\n`);
      return;
    }
    await output(docker, ["build", "--no-cache", ...build, "-t", tag, "-f", example.file, "."], {
      cwd: example.directory,
    });
  });
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  afterAll(async () => {
    await docker(["rmi", "-f", tag, twin]);
  });

  for (const run of image.runs) {
    test(`prints or answers ${JSON.stringify(run.stdout)}`, async () => {
      expect(await answerOf(docker, tag, run)).toContain(run.stdout);
    });
  }

  test("runs as nonroot and cannot change its own code", async () => {
    const script =
      "id -u; touch ~/.local/x ~/.local/lib/x 2>/dev/null; ls -ld ~ | cut -c1-10; touch ~/y && echo ok; find ~/.local -newer /etc/passwd -user 65532";
    const printed = await output(docker, [
      "run",
      "--rm",
      "--label",
      "microb.test=1",
      "--entrypoint",
      "sh",
      tag,
      "-c",
      script,
    ]);
    expect(printed.split("\n")).toEqual(["65532", "drwxr-xr-x", "ok", ""]);
  });

  test.skipIf(example.name === "slim")("has bytecode for all its code, which no file time makes stale", async () => {
    const report = ["run", "--rm", "--entrypoint", "python", tag, "-c", BYTECODE_REPORT, "/home/nonroot"];
    expect(await output(docker, report)).toBe("missing 0, checked 0\n");
  });

  test("has labels: those of test.json, and ours", async () => {
    const { Config } = await inspect(docker, tag);
    expect(Config.Labels).toMatchObject({ "moby.buildkit.frontend": "microb", ...image.labels });
  });

  // Its dialect knows neither checksums nor links.
  const isUnsayable = engine.name === "floor" && LOCKED.includes(example.name);
  test.skipIf(isUnsayable)("its Dockerfile gives the same image", async () => {
    const own = await inspect(docker, tag);
    const [, pythonVersion = ""] = /PYTHON_VERSION=([^"]*)/.exec(JSON.stringify(own.Config)) ?? [];
    await buildDockerfile(docker, { example, image, tag: twin, pythonVersion });
    const other = await inspect(docker, twin);
    expect(own).toEqual(other);
    const differing = difference(await imageContents(engine, tag), await imageContents(engine, twin));
    const unexpected = Object.entries(differing).filter(([path]) => !DIFFERENT_IN_ANY_TWO_BUILDS.test(path));
    expect(unexpected).toEqual([]);
  });
}

async function answerOf(docker: Docker, tag: string, { args = [], http }: ExampleRun): Promise<string> {
  if (http === undefined) return output(docker, ["run", "--rm", "--label", "microb.test=1", tag, ...args]);
  const container = (await output(docker, ["run", "-d", "--label", "microb.test=1", tag, ...args])).trim();
  try {
    const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    const address = (await output(docker, ["inspect", "-f", format, container])).trim();
    return await fetchSoon(`http://${address}:${http.port}${http.path}`);
  } finally {
    await docker(["rm", "-f", container]);
  }
}

/** The answer of a server that may need a moment to listen. */
async function fetchSoon(url: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url)).text();
    } catch (error) {
      if (attempt >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

type Inspected = Readonly<{ Config: Readonly<{ Labels: Record<string, string> }> }>;

/** What both readings must agree on besides the files. */
async function inspect(docker: Docker, tag: string): Promise<Inspected> {
  const [{ Config, Os, Architecture, Variant }] = JSON.parse(await output(docker, ["image", "inspect", tag]));
  return { Config, Os, Architecture, Variant } as Inspected;
}

type DockerfileBuild = Readonly<{ example: Example; image: ExampleImage; tag: string; pythonVersion: string }>;

async function buildDockerfile(docker: Docker, { example, image, tag, pythonVersion }: DockerfileBuild): Promise<void> {
  const { plan, project } = await planExample(example, image, pythonVersion);
  const directory = mkdtempSync(join(tmpdir(), "microb-dockerfile-"));
  try {
    writeFileSync(join(directory, "Dockerfile"), emitDockerfile(plan, project.source));
    writeFileSync(join(directory, "Dockerfile.dockerignore"), `${plan.exclude.join("\n")}\n`);
    await output(docker, ["build", "--no-cache", "-t", tag, "-f", join(directory, "Dockerfile"), example.directory]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
