import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import type { LockedPackage } from "../../src/lock/locked-package.ts";
import { selectPackages } from "../../src/lock/select-packages.ts";
import { ENVIRONMENT } from "../../src/plan/layout.ts";
import type { Engine } from "../engine/engines.ts";
import { filesOfLock, hostOf, type PublicFiles } from "../fixture/public-files.ts";
import { defects } from "./compare-with-pip.ts";
import { type Docker, dockerOf, output } from "./docker.ts";
import { makeControl } from "./pip-control.ts";
import { planOf } from "./planning.ts";
import { contextOf, lockOf, type RealApplication } from "./real-application.ts";

/** What became of an application. */
export type ApplicationReport = Readonly<{
  packages: number;
  /** The names of those that were built from their source. */
  built: readonly string[];
  /** Of the image, with those of the base. */
  layers: number;
  /** What the image's program printed. */
  printed: string;
  /** Modules that were imported in the control and in the image, and how many there are. */
  imported: Readonly<{ control: readonly string[]; image: readonly string[]; all: number }>;
  /** How the environments differ. */
  differences: readonly string[];
  /** How long the build took, in seconds. */
  seconds: number;
}>;

/**
 * The differences that nobody wants. A package that was built twice may differ in its machine code: compilers note when
 * and where they ran.
 */
export function applicationDefects({ differences, built }: ApplicationReport): readonly string[] {
  const allowed = new Set<string>();
  for (const text of differences) {
    const [, site = "", name = "", rows = ""] = /^(.*)\/([^/]+)-[^/-]+\.dist-info\/RECORD: \[(.*)\]$/.exec(text) ?? [];
    if (!built.includes(name.toLowerCase().replace(/[-_.]+/g, "-"))) continue;
    allowed.add(text);
    for (const [, path = ""] of rows.matchAll(/'([^',]+),/g))
      allowed.add(`${normalize(join(site, path))}: other machine code`);
  }
  return defects({ differences: differences.filter((text) => !allowed.has(text)) });
}

/** The C library of a base, by its Python: the stand-ins are made from the Debian releases of the official images. */
const GLIBC: Readonly<Record<RealApplication["python"], string>> = { "3.11": "2.36", "3.13": "2.41", "3.15": "2.42" };

/** Builds an application from its lock, lets pip do the same, and compares. All that it makes goes again. */
export async function reportOf(
  application: RealApplication,
  engine: Engine,
  server: PublicFiles,
): Promise<ApplicationReport> {
  const docker = dockerOf(engine);
  const directory = mkdtempSync(join(tmpdir(), "microb-application-"));
  const tag = `microb-test/application-${directory.slice(-6).toLowerCase()}`;
  try {
    const context = join(directory, "context");
    const files = contextOf(application);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(context, path)), { recursive: true });
      writeFileSync(join(context, path), text);
    }
    const lock = files[lockOf(application)] ?? "";
    const locked = filesOfLock(lock);
    const base = `python:${application.python}-slim`;
    const packages = await packagesOf(docker, application, files);
    const wanted = new Set(packages.map(({ source }) => ("sha256" in source ? source.sha256 : "")));
    for (const file of locked) if (wanted.has(file.sha256)) await server.fetch(file);

    const hosts = [...new Set(locked.map(({ url }) => hostOf(url)))].filter((host) => host !== undefined);
    const mirrors = `MICROB_INDEX_MIRRORS=${hosts.map((host) => `${host}=${server.url}`).join(",")}`;
    const started = Date.now();
    const build = ["build", "-t", tag, "-f", "pyproject.toml", "--build-arg", mirrors, "."];
    await output(docker, build, { cwd: context, timeout: 900_000 });
    const seconds = (Date.now() - started) / 1000;

    const [control, wheels] = [join(directory, "control"), join(directory, "wheels")];
    const { python } = application;
    await makeControl(docker, { python, packages, files: locked, server, directory: control, wheels, context });
    const [config] = JSON.parse(await output(docker, ["image", "inspect", tag]));
    const importing = await importIn(docker, base, ["-v", `${control}:${ENVIRONMENT}:ro`, ...environment(config)]);
    const imported = await importIn(docker, tag, environment(config));
    const volumes = ["-v", `${control}:/control:ro`, "-v", `${import.meta.dirname}:/compare:ro`];
    const compare = ["python3", "-B", "/compare/compare-environments.py", "/control", ENVIRONMENT];
    const run = ["run", "--rm", "--label", "microb.test=1", "--network=none"];
    const { differences } = JSON.parse(
      await output(docker, [...run, "--user", "0", ...volumes, tag, ...compare], { timeout: 600_000 }),
    );
    return {
      packages: packages.length,
      built: packages.filter(({ source }) => source.kind !== "wheel").map(({ name }) => name),
      layers: config.RootFS.Layers.length,
      printed: await output(docker, [...run, "--read-only", tag]),
      imported: {
        control: importing.imported,
        image: imported.imported,
        all: imported.imported.length + Object.keys(imported.failed).length,
      },
      differences,
      seconds,
    };
  } finally {
    await docker(["rmi", "-f", tag]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the plan of the frontend selects for the base. */
async function packagesOf(
  docker: Docker,
  { python }: RealApplication,
  files: Readonly<Record<string, string>>,
): Promise<readonly LockedPackage[]> {
  const base = `python:${python}-slim`;
  const print = 'printf %s "$PYTHON_VERSION"';
  const pythonVersion = await output(docker, ["run", "--rm", "--label", "microb.test=1", base, "sh", "-c", print]);
  const { plan } = await planOf(files["pyproject.toml"] ?? "", { files });
  if (plan.locked === undefined) throw new Error("the plan has no lock");
  const platform = { os: "linux", architecture: "amd64" };
  return selectPackages(plan.locked.lock, {
    platform,
    pythonVersion,
    libc: { kind: "glibc", version: GLIBC[python] },
  });
}

type Importing = Readonly<{ imported: readonly string[]; failed: Readonly<Record<string, string>> }>;

/** Imports all modules of the environment in an image. */
async function importIn(docker: Docker, image: string, options: readonly string[]): Promise<Importing> {
  const run = ["run", "--rm", "--label", "microb.test=1", "--network=none", "--read-only", "--tmpfs", "/tmp"];
  const script = ["-v", `${import.meta.dirname}/import-modules.py:/run/import-modules.py:ro`];
  const command = [`${ENVIRONMENT}/bin/python`, "-P", "/run/import-modules.py"];
  return JSON.parse(await output(docker, [...run, ...script, ...options, image, ...command], { timeout: 900_000 }));
}

/** What a container of another image needs to be like one of this image. */
function environment({ Config }: { Config: { Env: readonly string[]; User: string } }): readonly string[] {
  return ["--user", Config.User, "--workdir", "/tmp", ...Config.Env.flatMap((entry) => ["-e", entry])];
}
