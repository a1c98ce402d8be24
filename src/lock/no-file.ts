import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { chooseWheel } from "./choose-wheel.ts";
import type { LockEntry } from "./lock-entry.ts";
import { lockProblem } from "./lock-problem.ts";
import { formatEnvironment, type TargetEnvironment } from "./target-environment.ts";
import { tagRanks } from "./wheel-tags.ts";

/** A function that makes the problem of a package without a file for an environment. It says for which others there are files. */
export function noFile(source: SourceText, environment: TargetEnvironment): (entry: LockEntry) => Diagnostic {
  const { libc, ...rest } = environment;
  const other: TargetEnvironment = {
    ...rest,
    libc: libc.kind === "musl" ? { kind: "glibc", version: "2.99" } : { kind: "musl", version: "1.99" },
  };
  const ranks = tagRanks(other);
  return ({ name, version, position, source: from }) => {
    const wheels = from.kind === "files" ? from.wheels : [];
    const isForOther = chooseWheel(wheels, ranks) !== undefined;
    const why =
      wheels.length === 0
        ? "the lock has no files of it"
        : isForOther
          ? `it has wheels for ${other.libc.kind} only`
          : `its ${wheels.length === 1 ? "only wheel is" : `${wheels.length} wheels are`} for other platforms or versions of Python`;
    const help = isForOther
      ? 'choose the other flavor, "debian" or "alpine"'
      : "choose another python_version, or make the lock for this platform too (uv: required-environments)";
    const what = version === undefined ? name : `${name} ${version}`;
    const message = `${what} has no wheel for ${formatEnvironment(environment)}: ${why}`;
    return lockProblem(source, "lock.no-file", message, { position, help });
  };
}
