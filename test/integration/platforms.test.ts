import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerOf, output } from "../support/docker.ts";
import { isFullMatrix } from "../support/full-matrix.ts";
import { readOciLayout } from "../support/oci-image.ts";
import { pushScanner } from "../support/scanner.ts";
import { tempProject } from "../support/temp-project.ts";

// The classic store holds one platform of an image only.
const engine = inject("engines").find(({ store }) => store === "containerd");

/** Asks pip for another package on each platform, and prints what it got, and where it runs. */
const PROJECT = {
  "pyproject.toml": `# syntax=microb/microb
[project]
name = "both"
version = "1"
dependencies = ["six; platform_machine == 'aarch64'", "cowsay; platform_machine != 'aarch64'"]
[tool.microb.target.default]
python_version = "3.13"
install = "source"
entrypoint = ["python", "both.py"]
`,
  "both.py": `from importlib.util import find_spec
from platform import machine
print(machine(), *(name for name in ("six", "cowsay") if find_spec(name)))
`,
};

describe.skipIf(engine === undefined)("several platforms", () => {
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  const tag = "microb-test/platforms";
  const registry = "127.0.0.1:5000/microb-test";
  const base = `${registry}/two-platforms`;
  const stands = (image: string): readonly string[] =>
    ["python:3.13", "python:3.13-slim"].flatMap((name) => ["--build-context", `${name}=docker-image://${image}`]);
  const flags = stands(base);
  const both = ["--platform", "linux/arm64,linux/amd64"];
  let emulated = false;

  beforeAll(async () => {
    const failure = isFullMatrix() ? await emulate() : "only npm run test:full takes the minutes to set that up";
    emulated = failure === undefined;
    console.log(
      emulated
        ? "EMULATED: programs for arm64 run on this machine, and the base image of this test has such."
        : `NOT EMULATED: the arm64 base of this test has the programs of amd64 and only says that it is for arm64.\n${failure}`,
    );
    if (emulated) {
      const parts = [`${registry}/arm64-python:3.13-slim`, "127.0.0.1:5000/library/python:3.13-slim"];
      await output(docker, ["buildx", "imagetools", "create", "-t", base, ...parts]);
    } else {
      const input = "FROM --platform=linux/amd64 python:3.13-slim\n";
      await output(docker, ["buildx", "build", ...both, "--provenance=false", "--push", "-t", base, "-"], { input });
    }
    // An engine prefers what it has itself to the registry's, such as that of a run without emulation.
    await docker(["rmi", "-f", base]);
  });
  afterAll(() => docker(["rmi", "-f", tag, `${tag}-one`]));

  test("are one plan and two images, in the order asked for", async () => {
    const cwd = tempProject(PROJECT);
    const args = [...both, ...flags, "--provenance=false", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", "-o", "type=oci,tar=false,dest=out", ...args], { cwd });
    const images = readOciLayout(`${cwd}/out`);
    expect(images.map(({ platform }) => platform)).toEqual(["linux/arm64", "linux/amd64"]);
    expect(images.map(({ config }) => config.architecture)).toEqual(["arm64", "amd64"]);
    for (const { config } of images) {
      expect(config.config.Entrypoint).toEqual(["python", "both.py"]);
      const layers = config.history.filter(({ empty_layer = false }) => !empty_layer);
      expect(layers).toHaveLength(config.rootfs.diff_ids.length);
    }
  });

  test("run, each with what was installed for it; one of them alone is cached then", async () => {
    const cwd = tempProject(PROJECT);
    const args = [...flags, "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", ...both, "-t", tag, ...args], { cwd });
    const run = (platform: string): Promise<string> => output(docker, ["run", "--rm", "--platform", platform, tag]);
    expect(await run("linux/amd64")).toBe("x86_64 cowsay\n");
    expect(await run("linux/arm64")).toBe(emulated ? "aarch64 six\n" : "x86_64 cowsay\n");

    const alone = ["buildx", "build", "--platform", "linux/arm64", "-t", `${tag}-one`, ...args];
    const { stderr, code } = await docker(alone, { cwd });
    expect(code, stderr).toBe(0);
    const names = [...stderr.matchAll(/^#(\d+) \[(?:builder|runtime) +[2-9]\/\d+\]/gm)];
    expect(names.length).toBeGreaterThan(3);
    for (const [, number] of names) expect(stderr).toMatch(new RegExp(`^#${number} CACHED$`, "m"));
  });

  test("have their names in the progress display, and what they share is loaded once", async () => {
    const cwd = tempProject(PROJECT);
    const args = [...both, ...flags, "--no-cache", "--build-arg", "TYPO=1", "-t", tag, "-f", "pyproject.toml"];
    const { stderr, code } = await docker(["buildx", "build", ...args, "."], { cwd });
    expect(code, stderr).toBe(0);
    for (const architecture of ["amd64", "arm64"]) {
      expect(stderr).toMatch(new RegExp(`\\[linux/${architecture} builder +\\d+/\\d+\\]`));
      expect(stderr).toMatch(new RegExp(`\\[linux/${architecture} runtime +\\d+/\\d+\\]`));
    }
    expect(new Set(stderr.match(/^#\d+ \[internal\] load build context$/gm)).size).toBe(1);
    expect(stderr).toContain("1 warning found");
  });

  test("have attestations of their own, of what each was made from", async () => {
    const cwd = tempProject(PROJECT);
    const scanner = await pushScanner(docker);
    const args = [...both, ...flags, `--attest=type=sbom,generator=${scanner}`, "--provenance=mode=max,version=v1"];
    const exported = ["--metadata-file", "meta.json", "-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", ...args, ...exported], { cwd });
    const images = readOciLayout(`${cwd}/out`);
    expect(images.map(({ platform }) => platform)).toEqual(["linux/arm64", "linux/amd64"]);
    for (const { platform, statements } of images) {
      const of = (type: string) => statements.find(({ predicateType }) => predicateType.startsWith(type)).predicate;
      const packages = of("https://spdx.dev/").packages.map(({ name }: { name: string }) => name);
      const installed = emulated && platform === "linux/arm64" ? /^six-/ : /^cowsay-/;
      expect(packages).toEqual([expect.stringMatching(installed)]);
      const { resolvedDependencies } = of("https://slsa.dev/").buildDefinition;
      const uris: readonly string[] = resolvedDependencies.map(({ uri }: { uri: string }) => uri);
      const bases = uris.filter((uri) => uri.includes("two-platforms"));
      expect(bases).toEqual([expect.stringMatching(`platform=${encodeURIComponent(platform)}$`)]);
    }
    expect(JSON.parse(readFileSync(`${cwd}/meta.json`, "utf8"))).toMatchObject({
      "containerimage.descriptor": { mediaType: "application/vnd.oci.image.index.v1+json" },
    });
  });

  test("one alone is an index too if that is wanted", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--build-arg", "BUILDKIT_MULTI_PLATFORM=1", "--platform", "linux/arm64", ...flags];
    const exported = ["--provenance=false", "-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", ...args, ...exported], { cwd });
    expect(readOciLayout(`${cwd}/out`).map(({ platform }) => platform)).toEqual(["linux/arm64"]);
  });

  test("a named context for one platform stands in on that platform only", async () => {
    const cwd = tempProject(PROJECT);
    const alone = "127.0.0.1:5000/library/python:3.13-slim";
    const target = (platform: string): Record<string, string> =>
      Object.fromEntries(
        ["python:3.13", "python:3.13-slim"].map((name) => [`${name}::${platform}`, `docker-image://${base}`]),
      );
    const contexts = {
      ...target("linux/arm64"),
      "python:3.13": `docker-image://${alone}`,
      "python:3.13-slim": `docker-image://${alone}`,
    };
    const platforms = ["linux/amd64", "linux/arm64"];
    const definition = { target: { both: { dockerfile: "pyproject.toml", contexts, platforms, tags: [tag] } } };
    const { stderr, code } = await docker(["buildx", "bake", "-f", "-", "--provenance=false", "both"], {
      cwd,
      input: JSON.stringify(definition),
    });
    expect(code, stderr).toBe(0);
    // Both stages have the same base: one vertex, with the name of either.
    expect(stderr).toMatch(
      /\[linux\/arm64 (?:builder|runtime) +1\/\d+\] FROM 127\.0\.0\.1:5000\/microb-test\/two-platforms/,
    );
    expect(stderr).toMatch(/\[linux\/amd64 (?:builder|runtime) +1\/\d+\] FROM 127\.0\.0\.1:5000\/library\/python/);
    expect(stderr).not.toContain("BasePlatformMismatch");
  });

  test("a base that is for another one only is a warning for each that it is not for", async () => {
    const cwd = tempProject(PROJECT);
    const only = "127.0.0.1:5000/library/python:3.13-slim";
    const args = [...both, ...stands(only), "-o", "type=cacheonly", "-f", "pyproject.toml", "."];
    const { stderr, code } = await docker(["buildx", "build", ...args], { cwd });
    expect(code, stderr).toBe(0);
    const found = [...stderr.matchAll(/BasePlatformMismatch: the image (\S+) is for linux\/amd64, not for (\S+) /g)];
    const lines = new Set(found.map(([, image, platform]) => `${image} ${platform}`));
    expect([...lines].sort()).toEqual(["python:3.13 linux/arm64", "python:3.13-slim linux/arm64"]);
  });

  test("that no base is for are an error with the key that chose it", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--platform", "linux/amd64,linux/s390x", ...flags, "-f", "pyproject.toml", "."];
    const { stderr, code } = await docker(["buildx", "build", ...args], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("pyproject.toml:7:18: error: the image python:3.13");
  });
});

/** Makes programs for arm64 run; tells why they do not. */
function emulate(): Promise<string | undefined> {
  // Where nothing is there yet it takes some five minutes; all of its processes end when it takes too long.
  const script = join(import.meta.dirname, "../engine/emulate.sh");
  return promisify(execFile)("timeout", ["480", script]).then(
    () => undefined,
    ({ message, stdout }: Error & { stdout: string }) => message + stdout,
  );
}
