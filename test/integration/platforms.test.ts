import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerOf, output } from "../support/docker.ts";
import { readOciLayout } from "../support/oci-image.ts";
import { tempProject } from "../support/temp-project.ts";

// The classic store holds one platform of an image only.
const engine = inject("engines").find(({ store }) => store === "containerd");

const PROJECT = {
  "pyproject.toml": `# syntax=microb/microb
[project]
name = "both"
version = "1"
[tool.microb.target.default]
python_version = "3.13"
install = "source"
entrypoint = ["python", "both.py"]
`,
  "both.py": "print('hello')\n",
};

describe.skipIf(engine === undefined)("several platforms", () => {
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  const tag = "microb-test/platforms";
  const bases = ["python:3.13", "python:3.13-slim"];
  const registry = (base: string): string => `127.0.0.1:5000/microb-test/two-platforms-${base.replace(":", "-")}`;
  const flags = bases.flatMap((base) => ["--build-context", `${base}=docker-image://${registry(base)}`]);

  beforeAll(async () => {
    console.log(
      "NOT EMULATED: the arm64 bases of this test have the programs of amd64 and only say that they are for arm64.",
    );
    for (const base of bases) {
      const input = `FROM --platform=linux/amd64 ${base}\n`;
      const platforms = ["--platform", "linux/amd64,linux/arm64"];
      await output(docker, ["buildx", "build", ...platforms, "--push", "-t", registry(base), "-"], { input });
    }
  });
  afterAll(() => docker(["rmi", "-f", tag]));

  test("are one plan and two images, in the order asked for", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--platform", "linux/arm64,linux/amd64", ...flags, "--provenance=false", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", "-o", "type=oci,tar=false,dest=out", ...args], { cwd });
    const images = readOciLayout(`${cwd}/out`);
    expect(images.map(({ platform }) => platform)).toEqual(["linux/arm64", "linux/amd64"]);
    expect(images.map(({ config }) => config.architecture)).toEqual(["arm64", "amd64"]);
    for (const { config } of images) expect(config.config.Entrypoint).toEqual(["python", "both.py"]);
    const layers = (index: number): number => images[index]?.config.rootfs.diff_ids.length;
    expect(layers(0)).toBe(layers(1));
  });

  test("have their names in the progress display, and what they share is loaded once", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--platform", "linux/arm64,linux/amd64", ...flags, "--no-cache", "-t", tag, "-f", "pyproject.toml"];
    const { stderr, code } = await docker(["buildx", "build", ...args, "."], { cwd });
    expect(code, stderr).toBe(0);
    for (const architecture of ["amd64", "arm64"]) {
      expect(stderr).toMatch(new RegExp(`\\[linux/${architecture} builder +\\d+/\\d+\\]`));
      expect(stderr).toMatch(new RegExp(`\\[linux/${architecture} runtime +\\d+/\\d+\\]`));
    }
    expect(new Set(stderr.match(/^#\d+ \[internal\] load build context$/gm)).size).toBe(1);
    expect(await output(docker, ["run", "--rm", "--platform", "linux/amd64", tag])).toBe("hello\n");
  });

  test("one alone is an index too if that is wanted", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--build-arg", "BUILDKIT_MULTI_PLATFORM=1", "--platform", "linux/arm64", ...flags];
    const exported = ["--provenance=false", "-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", ...args, ...exported], { cwd });
    expect(readOciLayout(`${cwd}/out`).map(({ platform }) => platform)).toEqual(["linux/arm64"]);
  });

  test("that no base is for are an error with the key that chose it", async () => {
    const cwd = tempProject(PROJECT);
    const args = ["--platform", "linux/amd64,linux/s390x", ...flags, "-f", "pyproject.toml", "."];
    const { stderr, code } = await docker(["buildx", "build", ...args], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("pyproject.toml:6:18: error: the image python:3.13");
  });
});
