import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INSTALL_SCRIPT } from "../../src/install/scripts.generated.ts";
import { venvSkeleton } from "../../src/install/venv-skeleton.ts";
import { type Docker, output } from "./docker.ts";

/** What `compare-with-pip.py` says: how the environment that we make differs from pip's. */
export type Comparison = Readonly<{
  differences: readonly string[];
  /** What the environment's interpreter says of itself. */
  where: string;
  files: number;
  wheels: number;
}>;

/** The differences that are wanted, each for its reason. Whatever else differs is a defect. */
const WANTED: readonly RegExp[] = [
  // Nobody activates an environment in an image, and nothing there makes a commit.
  /^only pip: (bin\/(activate(\.csh|\.fish)?|Activate\.ps1)|\.gitignore)$/,
  // The directory for headers exists when there are some.
  /^only pip: include(\/python3\.\d+)?$/,
  // Who made the environment, and how.
  /^pyvenv\.cfg: other content: 'home = \/usr\/local\/bin\\ninclude-system-site-packages = false\\nversion = [\d.]+\\n', not/,
  // pip takes each file on its command line for something that was asked for, and notes where it was.
  /^only pip: .*\.dist-info\/(direct_url\.json|REQUESTED)$/,
  // pip gives itself a command with the version of Python in its name.
  /^only pip: bin\/pip3\.\d+$/,
  /\/pip-[\d.]+\.dist-info\/RECORD: \['\.\.\/\.\.\/\.\.\/bin\/pip3\.\d+,[^']*'\]$/,
  // Bytecode of scripts, which are never imported.
  /^only pip: bin\/__pycache__(\/.*)?$/,
];

/** The differences between both that nobody wants. */
export function defects({ differences }: Pick<Comparison, "differences">): readonly string[] {
  return differences.filter((difference) => !WANTED.some((pattern) => pattern.test(difference)));
}

/** Installs all wheels of a directory twice, in a container of a base image that has pip, without network. */
export async function compareWithPip(docker: Docker, base: string, wheels: string): Promise<Comparison> {
  const version = await output(docker, ["run", "--rm", base, "sh", "-c", 'printf %s "$PYTHON_VERSION"']);
  const skeleton = JSON.stringify(venvSkeleton({ version, home: "/usr/local/bin" }));
  const scripts = mkdtempSync(join(tmpdir(), "microb-compare-"));
  writeFileSync(join(scripts, "install.py"), INSTALL_SCRIPT);
  const mounts = [`${wheels}:/wheels:ro`, `${scripts}:/install:ro`, `${import.meta.dirname}:/compare:ro`];
  const flags = ["--rm", "--network", "none", ...mounts.flatMap((mount) => ["-v", mount])];
  const command = ["python3", "-B", "/compare/compare-with-pip.py", "/wheels", skeleton];
  try {
    return JSON.parse(await output(docker, ["run", ...flags, base, ...command]));
  } finally {
    rmSync(scripts, { recursive: true });
  }
}
