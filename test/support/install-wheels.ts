import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { checkArgs, INSTALL_ENV, installArgs } from "../../src/install/install-command.ts";
import { CHECK_SCRIPT, INSTALL_SCRIPT } from "../../src/install/scripts.generated.ts";

/** Where the tests install to. */
export const PREFIX = "/home/nonroot/.local";

/** What an install command did. */
export type Installed = Readonly<{
  code: number | null;
  stderr: string;
  /** The directory that corresponds to the image's root. */
  out: string;
  /** Regular files by their paths below the prefix. */
  files: ReadonlyMap<string, Buffer>;
}>;

/** `directories` hold one wheel each; `processors` are the numbers of those that may be used, as in 0-3. */
export type InstallOptions = Readonly<{
  requested?: readonly string[];
  directories?: readonly string[];
  processors?: string;
}>;

/** The interpreter of this machine that runs the scripts, if it is new enough. */
export const PYTHON: string | undefined = (() => {
  const { stdout } = spawnSync("python3", [
    "-c",
    "import sys; assert sys.version_info >= (3, 9); print(sys.executable)",
  ]);
  return stdout?.toString().trim() || undefined;
})();

/** Where that interpreter's packages are in an environment. */
export const SITE: string = (() => {
  const program = "import sys; print('lib/python%d.%d/site-packages' % sys.version_info[:2])";
  return (
    spawnSync(PYTHON ?? "python3", ["-c", program])
      .stdout?.toString()
      .trim() ?? ""
  );
})();

/** A directory that goes with the test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "microb-install-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Installs wheels, given by their file names, with this machine's Python. */
export function installWheels(
  wheels: Readonly<Record<string, Buffer>>,
  { requested = [], directories = [], processors }: InstallOptions = {},
): Installed {
  const directory = scratch();
  const out = join(directory, "out");
  mkdirSync(out);
  writeFileSync(join(directory, "install.py"), INSTALL_SCRIPT);
  const paths = Object.entries(wheels).map(([name, bytes], index) => {
    mkdirSync(join(directory, `${index}`));
    writeFileSync(join(directory, `${index}`, name), bytes);
    return join(directory, `${index}`, name);
  });
  const owner = statSync(out);
  const args = installArgs({
    python: PYTHON ?? "python3",
    script: join(directory, "install.py"),
    out,
    prefix: PREFIX,
    homeOwner: `${owner.uid}:${owner.gid}`,
    wheels: [...paths, ...directories],
    requested,
  });
  const { code, stderr } = run(processors === undefined ? args : ["taskset", "-c", processors, ...args]);
  return { code, stderr, out, files: readFiles(join(out, PREFIX)) };
}

/** Checks what several install commands made against each other. */
export function checkConflicts(trees: readonly string[]): { code: number | null; stderr: string } {
  const script = join(scratch(), "check_conflicts.py");
  writeFileSync(script, CHECK_SCRIPT);
  return run(checkArgs({ python: PYTHON ?? "python3", script, prefix: PREFIX, trees }));
}

/** All that a directory holds, and all that an image says of it but owners: a line for each path. */
export function describeTree(directory: string): readonly string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  return ["", ...paths].map((path) => {
    const { mode, mtimeMs, size } = statSync(join(directory, path));
    return `${mode.toString(8)} ${mtimeMs} ${(mode & 0o170000) === 0o100000 ? size : ""} /${path}`;
  });
}

function run([program = "", ...args]: readonly string[]): { code: number | null; stderr: string } {
  const env = Object.fromEntries([...INSTALL_ENV, `PATH=${process.env["PATH"]}`].map((pair) => pair.split(/=(.*)/s)));
  const { status, stderr, error } = spawnSync(program, args, { env });
  if (error !== undefined) throw error;
  return { code: status, stderr: stderr.toString() };
}

function readFiles(directory: string): ReadonlyMap<string, Buffer> {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.sort().map((path) => [path.slice(directory.length + 1), readFileSync(path)]));
  } catch {
    return new Map();
  }
}
