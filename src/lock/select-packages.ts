import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { checkEntry } from "./check-entry.ts";
import { chooseWheel } from "./choose-wheel.ts";
import { contextPath } from "./context-path.ts";
import type { LockEntry } from "./lock-entry.ts";
import { lockProblem } from "./lock-problem.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import type { LockRequest } from "./lock-request.ts";
import type { LockedPackage, LockedSource } from "./locked-package.ts";
import { markerVariables } from "./marker-variables.ts";
import { noFile } from "./no-file.ts";
import { parseLock } from "./parse-lock.ts";
import { selectPdm } from "./pdm-lock.ts";
import { selectPylock } from "./pylock.ts";
import type { TargetEnvironment } from "./target-environment.ts";
import { selectUv } from "./uv-lock.ts";
import { tagRanks } from "./wheel-tags.ts";

/**
 * What a lock installs for a target, sorted by name: of each package the file that the interpreter likes best.
 * @throws UserError with all that is wrong with the lock, or missing in it for this target.
 */
export function selectPackages(request: LockRequest, environment: TargetEnvironment): readonly LockedPackage[] {
  const { source } = request;
  const problems = new Map<string, Diagnostic>();
  /** Packages of which something is said already. */
  const told = new Set<number>();
  const problem: LockQuestion["problem"] = (message, { code = "lock.invalid", ...more } = {}) => {
    if (more.position !== undefined) told.add(more.position);
    // Twenty files of a package may lack the same.
    const key = `${more.position} ${message}`;
    if (!problems.has(key)) problems.set(key, lockProblem(source, code, message, more));
  };
  const variables = markerVariables(environment);
  const entries = readerOf(source)({ table: parseLock(source), request, variables, problem });
  const ranks = tagRanks(environment);
  let withoutFile: ReturnType<typeof noFile> | undefined;
  const seen = new Set<string>();
  const packages = entries.flatMap((entry): readonly LockedPackage[] => {
    const { name, version, position } = entry;
    if (entry.source.kind === "virtual") return [];
    checkEntry(entry, (message) => problem(message, { position }));
    if (seen.has(name)) problem(`it has ${name} twice for this platform`, { position });
    seen.add(name);
    const chosen = chooseSource(entry, ranks);
    if (chosen === undefined) {
      withoutFile ??= noFile(source, environment);
      if (!told.has(position)) problems.set(`${position}`, withoutFile(entry));
      return [];
    }
    const placed = placedSource(chosen, request, (message, help) => problem(message, { position, help }));
    return [{ name, ...(version !== undefined && { version }), source: placed }];
  });
  if (problems.size > 0) throw new UserError([...problems.values()]);
  return packages.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

function readerOf({ filename }: SourceText): LockReader {
  const name = filename.split("/").at(-1) ?? "";
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return selectPylock;
  return name === "pdm.lock" ? selectPdm : selectUv;
}

function chooseSource({ source }: LockEntry, ranks: ReadonlyMap<string, number>): LockedSource | undefined {
  if (source.kind !== "files") return source.kind === "virtual" ? undefined : source;
  const wheel = chooseWheel(source.wheels, ranks);
  if (wheel !== undefined) return { kind: "wheel", ...wheel };
  if (source.sdist === undefined) return undefined;
  const { size: _, ...sdist } = source.sdist;
  return { kind: "sdist", ...sdist };
}

/** A source as a build finds it: what is local is in the build context, and what is not is asked for over TLS. */
function placedSource(
  chosen: LockedSource,
  { source, plainHttp = [] }: LockRequest,
  problem: (message: string, help: string) => void,
): LockedSource {
  if (chosen.kind === "local") {
    const path = contextPath(chosen.path, source.filename);
    if (path === undefined)
      problem(
        `its path ${JSON.stringify(chosen.path.slice(0, 80))} is not one of the build context`,
        "build from the directory that has both, with -f",
      );
    return path === undefined ? chosen : { ...chosen, path };
  }
  const host = /^(?:http|git):\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(chosen.url)?.[1];
  if (host !== undefined && !plainHttp.some((beginning) => chosen.url.startsWith(beginning)))
    problem(
      `it comes from ${host} without TLS, and nothing says that this is meant`,
      "set trust = true for an index of this host, or name another host with index_mirrors",
    );
  return chosen;
}
