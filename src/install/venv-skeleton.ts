/** One thing that a virtual environment consists of, at a path relative to it. */
export type SkeletonEntry =
  | Readonly<{ kind: "directory"; path: string }>
  | Readonly<{ kind: "file"; path: string; text: string }>
  | Readonly<{ kind: "symlink"; path: string; target: string }>;

/** The interpreter that an environment is for: `version` as in 3.13.5, `home` the directory it is started from. */
export type BaseInterpreter = Readonly<{ version: string; home: string }>;

/**
 * What `python3 -m venv --without-pip` makes (PEP 405), parents first, but for what nothing in an image reads: scripts
 * that activate it, `.gitignore`, an empty `include`, and the lines of `pyvenv.cfg` that say how it was made.
 * @throws RangeError for a version without a minor one.
 */
export function venvSkeleton({ version, home }: BaseInterpreter): readonly SkeletonEntry[] {
  const [, minorVersion, minor] = /^(3\.(\d+))(?:\D|$)/.exec(version) ?? [];
  if (minorVersion === undefined) throw new RangeError(`not a version of Python: ${version}`);
  const python = `python${minorVersion}`;
  const settings = [`home = ${home}`, "include-system-site-packages = false", `version = ${release(version)}`];
  return [
    { kind: "directory", path: "bin" },
    { kind: "symlink", path: "bin/python", target: "python3" },
    { kind: "symlink", path: "bin/python3", target: `${home}/python3` },
    { kind: "symlink", path: `bin/${python}`, target: "python3" },
    { kind: "directory", path: "lib" },
    { kind: "directory", path: `lib/${python}` },
    { kind: "directory", path: `lib/${python}/site-packages` },
    // Python 3.15 makes no such link any more.
    ...(Number(minor) < 15 ? [{ kind: "symlink", path: "lib64", target: "lib" } as const] : []),
    { kind: "file", path: "pyvenv.cfg", text: settings.map((line) => `${line}\n`).join("") },
  ];
}

/** The numbers alone: 3.15.0 of 3.15.0rc1. */
function release(version: string): string {
  return /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version;
}
