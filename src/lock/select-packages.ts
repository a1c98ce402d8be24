import { parse, TomlError } from "smol-toml";
import { normalizeName } from "../config/normalize-name.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { atSpan } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { chooseWheel } from "./choose-wheel.ts";
import type { LockEntry } from "./lock-entry.ts";
import { lockProblem } from "./lock-problem.ts";
import type { LockReader } from "./lock-reading.ts";
import type { LockRequest } from "./lock-request.ts";
import type { LockedPackage, LockedSource } from "./locked-package.ts";
import { markerVariables } from "./marker-variables.ts";
import { selectPdm } from "./pdm-lock.ts";
import { selectPylock } from "./pylock.ts";
import { type RawTable, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { formatEnvironment, type TargetEnvironment } from "./target-environment.ts";
import { selectUv } from "./uv-lock.ts";
import { wheelTags } from "./wheel-tags.ts";

/** The largest lock that is read: the largest known ones have a fifth of it. */
const MAX_LENGTH = 32 << 20;

/**
 * What a lock installs for a target, sorted by name: of each package the file that the interpreter likes best.
 * @throws UserError with all that is wrong with the lock, or missing in it for this target.
 */
export function selectPackages(request: LockRequest, environment: TargetEnvironment): readonly LockedPackage[] {
  const { source } = request;
  const problems: Diagnostic[] = [];
  /** Packages of which something is said already. */
  const told = new Set<number>();
  const entries = readerOf(source)({
    table: parseLock(source),
    request,
    variables: markerVariables(environment),
    problem: (message, { code = "lock.invalid", ...more } = {}) => {
      if (more.position !== undefined) told.add(more.position);
      problems.push(lockProblem(source, code, message, more));
    },
  });
  const ranks = new Map(wheelTags(environment).map((tag, rank) => [tag, rank]));
  const packages = entries.flatMap((entry): readonly LockedPackage[] => {
    if (entry.source.kind === "virtual") return [];
    const chosen = chooseSource(entry, ranks);
    if (chosen === undefined) {
      if (!told.has(entry.position)) problems.push(noFile(source, entry, environment));
      return [];
    }
    const { name, version } = entry;
    return [{ name, ...(version !== undefined && { version }), source: chosen }];
  });
  if (problems.length > 0) throw new UserError(problems);
  return packages.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/**
 * The versions that a lock has of each project, for all platforms; none of one whose version only a build tells, and of
 * one that uv was told to take or leave out whatever requires it (`override-dependencies`, `exclude-dependencies`).
 */
export function lockedVersions(source: SourceText): ReadonlyMap<string, readonly string[]> {
  const table = parseLock(source);
  const found = new Map<string, readonly string[]>();
  for (const raw of [...tablesOf(table["package"]), ...tablesOf(table["packages"])]) {
    const [name, version] = [normalizeName(textOf(raw["name"]) ?? ""), textOf(raw["version"])];
    found.set(name, [...(found.get(name) ?? []), ...(version === undefined ? [] : [version])]);
  }
  const { overrides, excludes } = tableOf(table["manifest"]);
  for (const name of [...tablesOf(overrides).map((raw) => textOf(raw["name"]) ?? ""), ...textsOf(excludes)]) {
    found.set(normalizeName(name), []);
  }
  return found;
}

function readerOf({ filename }: SourceText): LockReader {
  const name = filename.split("/").at(-1) ?? "";
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return selectPylock;
  return name === "pdm.lock" ? selectPdm : selectUv;
}

function parseLock(source: SourceText): RawTable {
  const fail = (message: string, line: number, column: number, help: string): never => {
    throw new UserError({ code: "lock.invalid", message, place: atSpan(source, { line, column, length: 1 }), help });
  };
  const { text } = source;
  if (text.length > MAX_LENGTH)
    fail(`it has ${text.length} characters; microb reads at most ${MAX_LENGTH}`, 1, 1, "is it a lock?");
  const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
  if (conflict !== null) {
    fail("git has left marks of a conflict", text.slice(0, conflict.index).split("\n").length, 1, "make the lock anew");
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) {
      fail(
        `it is not valid TOML: ${error.message.split("\n")[0]}`,
        error.line,
        Math.max(1, error.column),
        "make the lock anew",
      );
    }
    if (error instanceof RangeError) fail("it is nested too deeply", 1, 1, "make the lock anew");
    throw error;
  }
}

function chooseSource({ source }: LockEntry, ranks: ReadonlyMap<string, number>): LockedSource | undefined {
  if (source.kind !== "files") return source.kind === "virtual" ? undefined : source;
  const wheel = chooseWheel(source.wheels, ranks);
  if (wheel !== undefined) return { kind: "wheel", ...wheel };
  if (source.sdist === undefined) return undefined;
  const { size: _, ...sdist } = source.sdist;
  return { kind: "sdist", ...sdist };
}

function noFile(
  source: SourceText,
  { name, version, position, source: from }: LockEntry,
  environment: TargetEnvironment,
): Diagnostic {
  const wheels = from.kind === "files" ? from.wheels : [];
  const { libc, ...rest } = environment;
  const other: TargetEnvironment = {
    ...rest,
    libc: libc.kind === "musl" ? { kind: "glibc", version: "2.99" } : { kind: "musl", version: "1.99" },
  };
  const isForOther = chooseWheel(wheels, new Map(wheelTags(other).map((tag, rank) => [tag, rank]))) !== undefined;
  const why =
    wheels.length === 0
      ? "no file at all"
      : isForOther
        ? `one for ${other.libc.kind} only`
        : `${wheels.length} for others`;
  const help = isForOther
    ? 'choose the other flavor, "debian" or "alpine"'
    : "choose another python_version, or make the lock for this platform too (uv: required-environments)";
  return lockProblem(
    source,
    "lock.no-file",
    `${name} ${version ?? ""} has no wheel for ${formatEnvironment(environment)}: ${why}`,
    {
      position,
      help,
    },
  );
}

/** The URLs of the repositories that packages of a lock come from, as requirements have them: `git+ssh://…`. */
export function lockedRepositories(source: SourceText): readonly string[] {
  const table = parseLock(source);
  const urls = [...tablesOf(table["package"]), ...tablesOf(table["packages"])].flatMap((raw) => {
    const url = textOf(tableOf(raw["source"])["git"]) ?? textOf(tableOf(raw["vcs"])["url"]) ?? textOf(raw["git"]);
    return url === undefined ? [] : [`git+${url.replace(/^git\+/, "").replace(/[?#].*$/s, "")}`];
  });
  return [...new Set(urls)].sort();
}
