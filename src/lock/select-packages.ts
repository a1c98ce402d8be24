import { isAbout } from "../config/uv-settings.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { shorten } from "../util/mask.ts";
import { checkEntry } from "./check-entry.ts";
import { chooseWheel } from "./choose-wheel.ts";
import { contextPath } from "./context-path.ts";
import type { EntrySource, LockEntry, LockFile } from "./lock-entry.ts";
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
 * The packages that a lock installs for a target, sorted by name, each with the best file for the interpreter.
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
    if (entry.source.kind === "virtual" || isProject(entry, request)) return [];
    checkEntry(entry, (message) => problem(message, { position }));
    if (seen.has(name)) problem(`the lock has ${name} twice for this platform`, { position });
    seen.add(name);
    const chosen = chooseSource(entry, ranks, request);
    if (chosen === undefined) {
      withoutFile ??= noFile(source, environment);
      if (!told.has(position)) problems.set(`${position}`, withoutFile(entry));
      return [];
    }
    const tell: Problem = (message, help, code) =>
      problem(message, { position, help, ...(code !== undefined && { code }) });
    checkBuild(entry, chosen, request, tell);
    const placed = placedSource(chosen, request, tell);
    return [{ name, ...(version !== undefined && { version }), source: placed }];
  });
  if (problems.size > 0) throw new UserError([...problems.values()]);
  return packages.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/** The project itself is built by steps of its own, whatever else asks for it. */
function isProject({ source }: LockEntry, { source: lock, directory }: LockRequest): boolean {
  return (
    source.kind === "local" && directory !== undefined && contextPath(source.path, lock.filename) === (directory || ".")
  );
}

function readerOf({ filename }: SourceText): LockReader {
  const name = filename.split("/").at(-1) ?? "";
  if (/^pylock(?:\.[^.]+)?\.toml$/.test(name)) return selectPylock;
  return name === "pdm.lock" ? selectPdm : selectUv;
}

/** What a package is installed from. */
type Chosen =
  | Exclude<EntrySource, { kind: "files" | "virtual" }>
  | Readonly<{ kind: "wheel" | "sdist"; file: LockFile }>;

function chooseSource(
  { name, source }: LockEntry,
  ranks: ReadonlyMap<string, number>,
  { noBinary }: LockRequest,
): Chosen | undefined {
  if (source.kind !== "files") return source.kind === "virtual" ? undefined : source;
  const wheel = noBinary !== undefined && isAbout(noBinary, name) ? undefined : chooseWheel(source.wheels, ranks);
  if (wheel !== undefined) return { kind: "wheel", file: wheel };
  return source.sdist === undefined ? undefined : { kind: "sdist", file: source.sdist };
}

type Problem = (message: string, help: string, code?: Diagnostic["code"]) => void;

/** Reports a package that must not be built, or not as microb builds: in an environment of its own, with its own requirements. */
function checkBuild(
  { name }: LockEntry,
  chosen: Chosen,
  { noBuild, specialBuild }: LockRequest,
  problem: Problem,
): void {
  const path = chosen.kind === "local" ? chosen.path : "file" in chosen ? chosen.file.filename : "";
  if (chosen.kind === "wheel" || path.endsWith(".whl")) return;
  // uv builds what is editable all the same, which members of a workspace are.
  if (noBuild !== undefined && chosen.kind !== "local" && isAbout(noBuild, name))
    problem("it must be built from source, but no-build of uv forbids that", "choose another python_version or flavor");
  if (specialBuild !== undefined && isAbout(specialBuild, name)) {
    const message =
      "uv builds it with settings that microb does not support (no-build-isolation, extra-build-…, config-settings)";
    problem(message, "lock a version that has a wheel for this image, or set lock = false", "lock.unsupported");
  }
}

/** A source as the build uses it: a local one is in the build context, others are downloaded over TLS and checked. */
function placedSource(chosen: Chosen, request: LockRequest, problem: Problem): LockedSource {
  if (chosen.kind === "local") return localSource(chosen, request, problem);
  if (chosen.kind === "git") {
    checkHost(chosen.url, request, problem);
    return chosen;
  }
  const { filename, from, sha256, otherHashes, size } = chosen.file;
  if ("path" in from)
    return localSource({ kind: "local", path: from.path, ...(sha256 !== undefined && { sha256 }) }, request, problem);
  checkHost(from.url, request, problem);
  if (sha256 === undefined) {
    const others = otherHashes.length === 0 ? "" : ` (it has ${otherHashes.join(", ")}, which BuildKit cannot check)`;
    problem(
      `it has a file without a sha256: ${filename}${others}`,
      "make the lock with an index that publishes the sha256 of its files",
    );
  }
  const file = { url: from.url, filename, sha256: sha256 ?? "" };
  return chosen.kind === "sdist"
    ? { kind: "sdist", ...file }
    : { kind: "wheel", ...file, ...(size !== undefined && { size }) };
}

function localSource(
  local: Extract<EntrySource, { kind: "local" }>,
  { source }: LockRequest,
  problem: Problem,
): Extract<LockedSource, { kind: "local" }> {
  const path = contextPath(local.path, source.filename);
  if (path === undefined)
    problem(
      `its path ${JSON.stringify(shorten(local.path))} is not a path of the build context`,
      "use a build context that contains both, and name the build file with -f",
    );
  return path === undefined ? local : { ...local, path };
}

function checkHost(url: string, { plainHttp = [] }: LockRequest, problem: Problem): void {
  const host = /^(?:http|git):\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.[1];
  if (host !== undefined && !plainHttp.some((beginning) => url.startsWith(beginning)))
    problem(
      `it comes from ${host} without TLS, which no key allows`,
      "set trust = true for an index of this host, or name another host with index_mirrors",
    );
}
