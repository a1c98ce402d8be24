import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerOf, type Outcome, output } from "../support/docker.ts";
import { readOciLayout } from "../support/oci-image.ts";
import { PRINT_REPORT, probeProject } from "../support/probe-project.ts";
import { pushScanner } from "../support/scanner.ts";
import { tempProject } from "../support/temp-project.ts";

// Attestations need the containerd store.
const engine = inject("engines").find(({ store }) => store === "containerd");

describe.skipIf(engine === undefined)("results", () => {
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  const tag = "microb-test/result";
  let scanner = "";
  const special = "127.0.0.1:5000/microb-test/special-base";

  beforeAll(async () => {
    const input = `FROM python:3.13-slim
HEALTHCHECK --interval=7s CMD ["true"]
STOPSIGNAL SIGINT
ONBUILD RUN false
EXPOSE 80
`;
    await output(docker, ["buildx", "build", "--provenance=false", "--push", "-t", special, "-"], { input });
    scanner = await pushScanner(docker);
  });
  afterAll(() => docker(["rmi", "-f", tag]));

  async function exported(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
    const cwd = tempProject(files);
    const args = ["-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml", "."];
    await output(docker, ["buildx", "build", ...flags, ...args], { cwd });
    const [image] = readOciLayout(`${cwd}/out`);
    if (image === undefined) throw new Error("no image");
    return image;
  }

  test("--sbom: the scanner sees the image", async () => {
    const { statements } = await exported(probeProject(), `--attest=type=sbom,generator=${scanner}`);
    const sbom = statements.find(({ predicateType }) => predicateType === "https://spdx.dev/Document");
    expect(sbom.predicate.packages.map(({ name }: { name: string }) => name)).toEqual(["probe-1.dist-info"]);
  });

  test("--provenance=mode=max: what was used, and nothing else", async () => {
    const { statements } = await exported(
      probeProject(),
      "--provenance=mode=max,version=v1",
      "--build-arg",
      "HELLO=world",
    );
    const { predicate } = statements.find(({ predicateType }) => predicateType.startsWith("https://slsa.dev/"));
    const { buildDefinition } = predicate;
    const names = buildDefinition.resolvedDependencies.map(({ uri }: { uri: string }) => uri.replace(/[?].*$/, ""));
    expect([...new Set(names)].sort()).toEqual([
      "pkg:docker/microb/microb@latest",
      "pkg:docker/python@3.13",
      "pkg:docker/python@3.13-slim",
    ]);
    for (const { digest } of buildDefinition.resolvedDependencies) expect(digest.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(buildDefinition.externalParameters.request).toMatchObject({
      frontend: "gateway.v0",
      args: { "build-arg:HELLO": "world", source: expect.stringContaining("microb/microb") },
    });
    expect(buildDefinition.externalParameters.configSource.path).toBe("pyproject.toml");
    const { llbDefinition } = buildDefinition.internalParameters.buildConfig;
    expect(llbDefinition.length).toBeGreaterThan(5);
    const { source } = predicate.runDetails.metadata.buildkit_metadata;
    expect(source.infos[0]).toMatchObject({ filename: "pyproject.toml", language: "TOML" });
    expect(Object.keys(source.locations).length).toBeGreaterThan(3);
  });

  test("what the base says is kept, but for what it says to builds", async () => {
    const flags = ["--build-context", `python:3.13-slim=docker-image://${special}`, "--provenance=false"];
    const { config } = await exported(probeProject(), ...flags);
    expect(config.config).toMatchObject({
      Healthcheck: { Test: ["CMD", "true"], Interval: 7_000_000_000 },
      StopSignal: "SIGINT",
      ExposedPorts: { "80/tcp": {} },
    });
    expect(config.config.OnBuild ?? []).toEqual([]);
    const layers = config.history.filter(({ empty_layer = false }) => !empty_layer);
    expect(layers).toHaveLength(config.rootfs.diff_ids.length);
    expect(config.history.at(-1).comment).toBe("microb.v1");
  });

  test("SOURCE_DATE_EPOCH is the time of the image and of what microb adds to it", async () => {
    const { config } = await exported(
      probeProject(),
      "--provenance=false",
      "--build-arg",
      "SOURCE_DATE_EPOCH=1700000000",
    );
    expect(config.created).toBe("2023-11-14T22:13:20Z");
    const own = config.history.filter(({ comment = "" }) => comment === "microb.v1");
    expect(new Set(own.map(({ created }: { created: string }) => created))).toEqual(new Set(["2023-11-14T22:13:20Z"]));
    // An exporter brings all that is newer forward to that time, but for what it is told to be the base's.
    const base = config.history.slice(0, -own.length);
    expect(base.length).toBeGreaterThan(0);
    for (const { created } of base) expect(Date.parse(created)).toBeGreaterThan(Date.parse(config.created));
  });

  describe("flags", () => {
    const build = (flags: readonly string[], table = ""): Promise<Outcome> =>
      docker(["buildx", "build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], {
        cwd: tempProject(probeProject(table)),
      });
    const token = async (): Promise<string> =>
      JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])).token;

    test("--no-cache-filter runs the steps of one stage, or of the target", async () => {
      const of = async (...flags: readonly string[]): Promise<string> => {
        const { code, stderr } = await build(flags);
        expect(code, stderr).toBe(0);
        return token();
      };
      const first = await of();
      expect(await of()).toBe(first);
      expect(await of("--no-cache-filter", "runtime")).toBe(first);
      const second = await of("--no-cache-filter", "builder");
      expect(second).not.toBe(first);
      expect(await of("--no-cache-filter", "default")).not.toBe(second);
    });

    /** What a build step finds out about itself, by a Python expression for each name. */
    const seen = async (expressions: Readonly<Record<string, string>>, ...flags: readonly string[]) => {
      const project = probeProject();
      const entries = Object.entries(expressions).map(([name, expression]) => `"${name}": ${expression}, `);
      const backend = project["backend/backend.py"]?.replace('"token": uuid', `${entries.join("")}"token": uuid`) ?? "";
      const cwd = tempProject({ ...project, "backend/backend.py": backend });
      await output(docker, ["buildx", "build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      return JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT]));
    };

    test("--ulimit, --shm-size", async () => {
      const expressions = {
        files_limit: '__import__("resource").getrlimit(__import__("resource").RLIMIT_NOFILE)',
        shm: '(lambda fs: fs.f_blocks * fs.f_frsize)(os.statvfs("/dev/shm"))',
      };
      const report = await seen(expressions, "--ulimit", "nofile=1234:2345", "--shm-size", "96m");
      expect(report).toMatchObject({ files_limit: [1234, 2345], shm: 96 << 20 });
    });

    test("--cgroup-parent", async () => {
      const expressions = { groups: 'open("/proc/self/cgroup").read()' };
      const { groups } = await seen(expressions, "--no-cache", "--cgroup-parent", "microb-test");
      // In a namespace of control groups, which the second version has, a process does not see where it is.
      expect(groups).toMatch(/:\/microb-test\/|^0::\/\n$/);
    });

    test("a build argument that nothing uses is a warning", async () => {
      const { code, stderr } = await build(["--build-arg", "TYPO=1"]);
      expect(code).toBe(0);
      expect(stderr).toContain("UnusedBuildArg: the build argument TYPO is not used");
    });
  });
});
