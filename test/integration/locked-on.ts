import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emitDockerfile } from "../../src/emit/dockerfile.ts";
import { selectPackages } from "../../src/lock/select-packages.ts";
import type { TargetEnvironment } from "../../src/lock/target-environment.ts";
import { lowerPlan } from "../../src/units/lower-plan.ts";
import type { Engine } from "../engine/engines.ts";
import { type FileHost, type HostedWheel, PUBLIC_FILES, startFileHost } from "../fixture/file-host.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, output } from "../support/docker.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { planOf } from "../support/planning.ts";
import { tempProject } from "../support/temp-project.ts";

/** Builds with locks on one engine. */
export function lockedOn(name: Engine["name"]): void {
  describeOn(name, "locks", lockedTests);
}

/** Makes files other ones than those of the last run of these tests, which the engine may still know. */
const SALT = `# ${process.hrtime.bigint()}\n`;

/** One large wheel, as far as the lock says, and small ones in several buckets. */
const WHEELS: readonly HostedWheel[] = [
  {
    name: "big",
    files: { "big/__init__.py": `${SALT}VALUE = {1, 2, 3}\n`, "big/data.bin": "x".repeat(100_000) },
    info: { "entry_points.txt": "[console_scripts]\nbig = big:VALUE.copy\n" },
    size: 2_000_000,
  },
  { name: "alpha", files: { "alpha.py": `${SALT}NAME = 'alpha'\n`, "shared/a.py": "" } },
  { name: "beta", files: { "beta.py": `${SALT}NAME = 'beta'\n`, "shared/b.py": "" } },
  { name: "gamma", files: { "gamma.py": `${SALT}NAME = 'gamma'\n` } },
];

const APP = "import alpha, beta, big, gamma\nprint('runs with', alpha.NAME, beta.NAME, gamma.NAME, *big.VALUE)\n";

function buildFile(target = "", project = ""): string {
  return `# syntax=microb/microb
[project]
name = "locked"
version = "1.0"
dependencies = ["big", "alpha", "beta", "gamma"]
${project}
[tool.microb.target.default]
python_version = "3.13"
install = "source"
command = ["python", "app.py"]
${target}
`;
}

type Built = Readonly<{ code: number | null; stderr: string; executed: readonly string[] }>;

function lockedTests(engine: Engine): void {
  const docker = dockerOf(engine);
  const tag = "microb-test/locked";
  const twin = `${tag}-dockerfile`;
  let host: FileHost;
  let mirror: readonly string[];

  beforeAll(async () => {
    host = await startFileHost();
    mirror = ["--build-arg", `MICROB_INDEX_MIRRORS=${PUBLIC_FILES}=${host.url}`];
  });
  afterAll(async () => {
    await Promise.all([host?.stop(), docker(["rmi", "-f", tag, twin])]);
  });

  type Files = Readonly<Record<string, string>>;

  async function build(files: Files, args: readonly string[] = []): Promise<Built> {
    return buildIn(tempProject(files), args);
  }

  async function buildIn(cwd: string, args: readonly string[]): Promise<Built> {
    // Of a build argument that is given twice the last one counts.
    const flags = ["-t", tag, "-f", "pyproject.toml", ...mirror, ...args];
    const { code, stderr, stdout } = await docker(["build", ...flags, "."], { cwd });
    return { code, stderr: stderr + stdout, executed: executedUnits(stderr + stdout) };
  }

  async function built(files: Files, args?: readonly string[]): Promise<Built> {
    const outcome = await build(files, args);
    expect(outcome.code, outcome.stderr).toBe(0);
    return outcome;
  }

  const files = (wheels: readonly HostedWheel[] = WHEELS, toml = buildFile()): Files => ({
    "pyproject.toml": toml,
    "app.py": APP,
    "pylock.toml": host.lock(...wheels),
  });

  const diffIds = async (): Promise<readonly string[]> =>
    JSON.parse(await output(docker, ["image", "inspect", "-f", "{{json .RootFS.Layers}}", tag]));

  test("an image has the files of the lock, and says where they are from", async () => {
    const { stderr } = await built(files(), ["--no-cache"]);
    expect(stderr).toContain("install big 1.0");
    expect(stderr).toMatch(
      /install the packages of pylock\.toml \(next to pyproject\.toml\) for linux\/amd64, Python 3\.13/,
    );
    expect(host.takeRequests()).toHaveLength(WHEELS.length);
    const run = ["run", "--rm", "--read-only", "--network=none", "--label", "microb.test=1", tag];
    expect(await output(docker, run)).toBe("runs with alpha beta gamma 1 2 3\n");
    const script =
      "id -u; touch ~/x && echo home; touch ~/.local/x ~/.local/lib/x 2>/dev/null || echo no; head -1 ~/.local/bin/big";
    const said = await output(docker, ["run", "--rm", "--label", "microb.test=1", tag, "sh", "-c", script]);
    expect(said.split("\n")).toEqual(["65532", "home", "no", "#!/home/nonroot/.local/bin/python", ""]);
  });

  test("unchanged dependencies are neither asked for nor installed again", async () => {
    await built(files());
    host.takeRequests();
    const others = [
      files(WHEELS, buildFile("", 'description = "another"')),
      files(WHEELS, `${buildFile()}\n[tool.black]\nline-length = 100\n# a comment\n`),
      files(WHEELS, buildFile('env = { A = "b" }')),
      { ...files(), "app.py": `${APP}\n# changed\n` },
    ];
    for (const other of others) expect((await built(other)).executed).toEqual([]);
    expect((await built(files(), ["--build-arg", "SOURCE_DATE_EPOCH=1700000000"])).executed).toEqual([]);
    expect(host.takeRequests()).toEqual([]);
  });

  test("another mirror has the same files: none is asked for again", async () => {
    await built(files());
    const other = await startFileHost();
    try {
      other.lock(...WHEELS);
      const args = ["--build-arg", `MICROB_INDEX_MIRRORS=${PUBLIC_FILES}=${other.url}`];
      expect((await built(files(), args)).executed).toEqual([]);
      expect(other.takeRequests()).toEqual([]);
      const newer = WHEELS.map((wheel) => (wheel.name === "beta" ? { ...wheel, version: "7.0" } : wheel));
      await built({ ...files(), "pylock.toml": other.lock(...newer) }, args);
      expect(other.takeRequests()).toEqual(["/packages/beta/beta-7.0-py3-none-any.whl"]);
    } finally {
      await other.stop();
    }
  });

  test("a changed dependency is installed with its neighbours, and with nothing else", async () => {
    await built(files());
    const before = await diffIds();
    host.takeRequests();
    const changed = WHEELS.map((wheel) => (wheel.name === "gamma" ? { ...wheel, version: "2.0" } : wheel));
    const { executed, stderr } = await built(files(changed));
    expect(executed.filter((name) => name.startsWith("wheel"))).toHaveLength(1);
    expect(host.takeRequests()).toEqual(["/packages/gamma/gamma-2.0-py3-none-any.whl"]);
    const after = await diffIds();
    // 20.10 leaves the time of day at the directory that the project is copied into.
    expect(after.filter((id) => !before.includes(id))).toHaveLength(engine.name === "floor" ? 2 : 1);
    // Neither copied nor compiled again: the lock is not among the project's files, where the daemon can leave it out.
    const step = /^#(\d+) .*compile the project/m.exec(stderr)?.[1];
    expect(stderr.includes(`#${step} CACHED`), stderr).toBe(engine.name !== "floor");
    const listed = await output(docker, ["run", "--rm", "--label", "microb.test=1", tag, "ls"]);
    expect(listed.split("\n")).toEqual(["__pycache__", "app.py", "pyproject.toml", ""]);
  });

  test("building from nothing again gives the same layers", async () => {
    // What is copied keeps its time: both builds are of one directory.
    const cwd = tempProject(files());
    await buildIn(cwd, ["--no-cache"]);
    const first = await diffIds();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await buildIn(cwd, ["--no-cache"])).code).toBe(0);
    const again = await diffIds();
    // 20.10 leaves the time of day at /etc when it runs a command, and at the directory that it copies into.
    expect(again.filter((id) => !first.includes(id))).toHaveLength(engine.name === "floor" ? 2 : 0);
    expect(again).toHaveLength(first.length);
    const layers = await output(docker, ["history", "--no-trunc", "--format", "{{.CreatedBy}}", tag]);
    const links = layers.split("\n").filter((line) => line.startsWith("COPY --link"));
    expect(links.length).toBeGreaterThanOrEqual(4);
  });

  test.skipIf(engine.name === "floor")("its Dockerfile gives the same image", async () => {
    const project = files();
    await built(project);
    const { plan } = await planOf(project["pyproject.toml"] ?? "", {
      files: project,
      buildArgs: { MICROB_INDEX_MIRRORS: `${PUBLIC_FILES}=${host.url}` },
    });
    if (plan.locked === undefined) throw new Error("no lock");
    const environment = await environmentOf();
    const packages = selectPackages(plan.locked.lock, environment);
    const complete = lowerPlan(plan, { packages, environment, runsOnBuildPlatform: true });
    const directory = mkdtempSync(join(tmpdir(), "microb-dockerfile-"));
    try {
      const source = { filename: "pyproject.toml", text: project["pyproject.toml"] ?? "" };
      writeFileSync(join(directory, "Dockerfile"), emitDockerfile(complete, source));
      writeFileSync(join(directory, "Dockerfile.dockerignore"), `${plan.exclude.join("\n")}\n`);
      await output(docker, ["build", "-t", twin, "-f", join(directory, "Dockerfile"), tempProject(project)]);
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(difference(await imageContents(engine, tag), await imageContents(engine, twin))).toEqual({});
  });

  async function environmentOf(): Promise<TargetEnvironment> {
    const print = 'import sys; print("%d.%d.%d" % sys.version_info[:3])';
    const printed = await output(docker, ["run", "--rm", "--label", "microb.test=1", tag, "python", "-c", print]);
    const platform = { os: "linux", architecture: "amd64" };
    return { platform, pythonVersion: printed.trim(), libc: { kind: "glibc", version: "2.41" } };
  }

  test("two packages with different files of one name are an error that names both", async () => {
    const wheels = [
      { name: "alpha", files: { "alpha.py": "", "shared/__init__.py": "one" } },
      { name: "big", files: { "big.py": "", "shared/__init__.py": "other" }, size: 2_000_000 },
    ];
    const { code, stderr } = await build(files(wheels, buildFile().replace(/dependencies.*/, "")));
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/brings other bytes for lib\/python3\.13\/site-packages\/shared\/__init__\.py than/);
    expect(stderr).toMatch(/alpha-1\.0/);
    expect(stderr).toMatch(/big-1\.0/);
  });

  test("a file that is not the one of the lock is an error", async () => {
    const [first, ...rest] = WHEELS;
    const { code, stderr } = await build(
      files([{ ...first, name: "big", sha256: "0".repeat(64), version: "9" }, ...rest]),
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain("digest mismatch");
    expect(stderr).toContain("big-9-py3-none-any.whl");
  });

  test("a wheel that lies is an error in the words of the installer", async () => {
    const info = { METADATA: "Name: other\nVersion: 3.0\n" };
    const liar = { name: "gamma", version: "3.0", files: { "gamma.py": "" }, info };
    const { code, stderr } = await build(files([...WHEELS.slice(0, 3), liar]));
    expect(code).not.toBe(0);
    expect(stderr).toContain("microb: gamma-3.0-py3-none-any.whl: says in METADATA that it is other==3.0");
  });

  test("a hermetic build of a lock and source works; with system packages it does not", async () => {
    await built(files(), ["--build-arg", "MICROB_HERMETIC=1"]);
    const { code, stderr } = await build(files(WHEELS, buildFile('hermetic = true\nsystem_deps = ["libpq5"]')));
    expect(code).not.toBe(0);
    expect(stderr).toContain('the step "install system_deps: libpq5" needs the network');
  });

  test("a project that is a package has its wheel on top, and a new version installs nothing else", async () => {
    const toml = (version: string): string =>
      `${buildFile()
        .replace("1.0", version)
        .replace('install = "source"', "")
        .replace(/command.*/, 'command = ["locked"]')}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project.scripts]
locked = "locked:main"
`;
    const source = { "locked.py": `${SALT}import alpha\ndef main(): print('packaged with', alpha.NAME)\n` };
    await built({ ...files(WHEELS, toml("1.0")), ...source });
    expect(await output(docker, ["run", "--rm", "--label", "microb.test=1", tag])).toBe("packaged with alpha\n");
    const { executed } = await built({ ...files(WHEELS, toml("1.1")), ...source });
    expect(executed).toEqual(["package"]);
  });

  test("files of a host with credentials are fetched by steps that have them", async () => {
    const password = "p%40ss word";
    const closed = await startFileHost({ user: "me", password });
    try {
      const lock = closed.lock(...WHEELS);
      const index = `indices = [{ url = "${closed.url}simple/", username_secret = "user", password_secret = "token" }]`;
      const project = { "pyproject.toml": buildFile(index), "app.py": APP, "pylock.toml": lock };
      const secrets = tempProject({ user: "me", token: `${password}\n` });
      const args = [
        ...["--build-arg", `MICROB_INDEX_MIRRORS=${PUBLIC_FILES}=${closed.url}`],
        ...["--secret", `id=user,src=${secrets}/user`, "--secret", `id=token,src=${secrets}/token`],
      ];
      const { stderr } = await built(project, args);
      expect(stderr).not.toContain("p%40ss");
      expect(await output(docker, ["run", "--rm", "--label", "microb.test=1", tag])).toContain("runs with");
      const { code, stderr: refused } = await build(
        { ...project, "pylock.toml": closed.lock(...WHEELS.slice(0, 3), { name: "gamma", version: "4.0" }) },
        [...args.slice(0, 2), "--secret", `id=user,src=${secrets}/user`],
      );
      expect(code).not.toBe(0);
      expect(refused).toContain('the build has no secret "token"');
    } finally {
      await closed.stop();
    }
  });
}

/** The units that ran in a build: those that the progress shows with what they did, or as done and not as cached. */
function executedUnits(progress: string): readonly string[] {
  const named = new Map(
    [...progress.matchAll(/^#(\d+) \[(wheels?-\S+|conflicts|environment|package) +\d+\/\d+\] (?!FROM)/gm)].map(
      ([, number = "", name = ""]) => [number, name],
    ),
  );
  const cached = new Set([...progress.matchAll(/^#(\d+) CACHED/gm)].map(([, number]) => number));
  return [...named]
    .filter(([number]) => !cached.has(number))
    .map(([, name]) => name)
    .sort();
}
