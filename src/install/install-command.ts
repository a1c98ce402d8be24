/** An exec that installs wheels: see `install.py` for what it promises. All paths are those inside the exec. */
export type InstallCommand = Readonly<{
  /** The interpreter that runs the script: of the same minor version as the environment's. */
  python: string;
  /** Where `INSTALL_SCRIPT` is mounted. */
  script: string;
  /** An empty directory that can be written to. The image's root corresponds to it. */
  out: string;
  /** The environment's path in the image. */
  prefix: string;
  /** Owner of the directory that holds the prefix, as in 65532:65532. */
  homeOwner: string;
  /** Files with their own names, or directories that hold one wheel each. The order decides nothing but modes. */
  wheels: readonly string[];
  /** Projects that were asked for, not brought along by others (REQUESTED). */
  requested?: readonly string[];
}>;

/**
 * The whole environment of an exec that installs or checks: nothing of the user's. `PYTHONHASHSEED` steers bytecode
 * before Python 3.11, and `-I` would ignore it, which is why the commands say `-S -B` instead.
 */
export const INSTALL_ENV: readonly string[] = ["LC_ALL=C.UTF-8", "PYTHONHASHSEED=0"];

/** The words of the command, for `INSTALL_ENV`. */
export function installArgs(command: InstallCommand): readonly string[] {
  const { python, script, out, prefix, homeOwner, wheels, requested = [] } = command;
  return [
    ...[python, "-S", "-B", script, "--out", out, "--prefix", prefix, "--home-owner", homeOwner],
    ...requested.flatMap((name) => ["--requested", name]),
    ...wheels,
  ];
}

/** The words of the command that compares what install commands made: see `check_conflicts.py`. For `INSTALL_ENV`. */
export function checkArgs(
  command: Readonly<{ python: string; script: string; prefix: string; trees: readonly string[] }>,
): readonly string[] {
  return [command.python, "-S", "-B", command.script, "--prefix", command.prefix, ...command.trees];
}
