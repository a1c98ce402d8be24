import { normalizeName } from "../config/normalize-name.ts";
import { shorten } from "../util/mask.ts";
import { checkPython } from "./check-python.ts";
import type { LockEntry } from "./lock-entry.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import { holds, type Marker, MarkerError, parseMarker } from "./marker.ts";
import { packagesOf, type RawTable, shortOf, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { askedItems, brokenConflicts } from "./uv-conflicts.ts";
import { uvSource } from "./uv-source.ts";
import { uvTargets } from "./uv-targets.ts";
import { type UvPackage, type UvWalk, uvName, walkUv } from "./uv-walk.ts";

/**
 * Walks `uv.lock` (version 1, all revisions) from the root along the dependencies whose markers hold. Packages have no
 * markers of their own there. If a name has several versions, its edges or the markers of its fork decide between them.
 */
export const selectUv: LockReader = (question) => {
  const { table, request, problem } = question;
  if (table["version"] === undefined) {
    problem("this is not a lock that microb reads: uv.lock, pylock.toml or pdm.lock", {
      help: "name one of these, or a requirements file with the requirements key",
    });
    return [];
  }
  if (table["version"] !== 1) {
    problem(`this is version ${shortOf(table["version"])} of uv's format; microb reads version 1`, {
      help: "make the lock with a uv that writes version 1, or name an export with the requirements key",
    });
    return [];
  }
  const packages = packagesOf(table).map((raw, position) => ({ raw, position, name: uvName(raw) }));
  const root = findRoot(packages, request.root);
  if (root === undefined) {
    problem(`the lock has no project ${request.root ?? ""}`.trim(), { help: membersHelp(packages) });
    return [];
  }
  checkPython(table["requires-python"], question);
  checkParts(root, question);
  const supported = textsOf(table["supported-markers"]);
  const decide = markerTest(question);
  if (supported.length > 0 && !supported.some((marker) => decide(marker, new Set(), problem))) {
    problem("the lock is for other platforms", { help: `it is for: ${shorten(supported.join("; "), 300)}` });
    return [];
  }
  const walked = settle(packages, root, question, decide);
  if (walked === undefined) return [];
  for (const name of walked.missing) problem(`the lock has no package ${name}, but others depend on it`);
  return walked.packages.map((one) => entryOf(one, question));
};

/** More rounds than locks have extras that depend on each other. */
const MAX_ROUNDS = 32;

/**
 * Repeats the walk until it reaches the same extras that its markers were decided with: the marker of an edge may depend on
 * an extra that only a later edge requires. One round is enough unless the lock has conflicts.
 */
function settle(
  packages: readonly UvPackage[],
  root: UvPackage,
  question: LockQuestion,
  decide: ReturnType<typeof markerTest>,
): UvWalk | undefined {
  const { table, request, problem } = question;
  const targets = uvTargets(packages);
  const asked = askedItems(request, root.name);
  const hasConflicts = tablesOf(table["conflicts"]).length > 0;
  let active = new Set(asked);
  for (let round = 1; ; round++) {
    const problems = new Set<string>();
    const walked = walkUv(targets, root, request, (marker, extras) =>
      decide(marker, extras.length === 0 ? active : new Set([...active, ...extras]), (message) =>
        problems.add(message),
      ),
    );
    const next = new Set([...asked, ...walked.extras]);
    const isSettled = next.size === active.size && [...next].every((item) => active.has(item));
    if (hasConflicts && !isSettled && round < MAX_ROUNDS) {
      active = next;
      continue;
    }
    const broken = brokenConflicts(table["conflicts"], next);
    for (const names of broken) problem(`${names.join(" and ")} exclude each other`, { help: "ask for one of them" });
    for (const message of problems) problem(message);
    return broken.length > 0 ? undefined : walked;
  }
}

function entryOf({ raw, position, name }: UvPackage, question: LockQuestion): LockEntry {
  const version = textOf(raw["version"]);
  return { name, position, ...(version !== undefined && { version }), source: uvSource(raw, position, question) };
}

/** The member that is asked for, else the project itself, which is where the lock is. */
function findRoot(packages: readonly UvPackage[], wanted: string | undefined): UvPackage | undefined {
  const members = packages.filter(({ raw }) => isMember(tableOf(raw["source"])));
  const atRoot = members.find(({ raw }) => Object.values(tableOf(raw["source"])).includes("."));
  return members.find(({ name }) => name === wanted) ?? (wanted === undefined ? atRoot : undefined);
}

/** How many members a message lists. */
const MOST_NAMED = 20;

function membersHelp(packages: readonly UvPackage[]): string {
  const names = packages.flatMap(({ raw, name }) => (isMember(tableOf(raw["source"])) ? [name] : [])).sort();
  const shown = `${names.slice(0, MOST_NAMED).join(", ")}${names.length > MOST_NAMED ? ", …" : ""}`;
  return names.length === 0
    ? "create the lock again: uv lock"
    : `name one of its members with the member key: ${shown}`;
}

function isMember(source: RawTable): boolean {
  return ["editable", "virtual", "directory"].some((kind) => typeof source[kind] === "string");
}

/** Reports extras and groups that the root does not have. Those without requirements are in the metadata only. */
function checkParts({ raw, position, name }: UvPackage, { table, request, problem }: LockQuestion): void {
  const metadata = tableOf(raw["metadata"]);
  const named = (...parts: readonly unknown[]): ReadonlySet<string> =>
    new Set(
      parts.flatMap((part) => (Array.isArray(part) ? textsOf(part) : Object.keys(tableOf(part)))).map(normalizeName),
    );
  const extras = named(raw["optional-dependencies"], metadata["provides-extras"]);
  // The first locks did not tell of extras without requirements.
  for (const extra of table["revision"] === undefined || request.onlyGroups !== undefined ? [] : request.extras) {
    if (!extras.has(extra)) problem(`${name} has no extra ${extra}`, { position });
  }
  const groups = named(raw["dev-dependencies"], metadata["requires-dev"]);
  for (const group of request.onlyGroups ?? request.groups) {
    if (!groups.has(group)) problem(`${name} has no group ${group}`, { position });
  }
}

/** Whether a marker holds when some extras are active; each text is read once, since locks repeat them by the thousand. */
function markerTest({ variables }: LockQuestion) {
  const parsed = new Map<string, Marker | undefined>();
  const sets = new Map<string, ReadonlySet<string>>();
  return (text: string | undefined, active: ReadonlySet<string>, problem: (message: string) => unknown): boolean => {
    if (text === undefined) return true;
    try {
      if (!parsed.has(text)) {
        parsed.set(text, undefined);
        parsed.set(text, parseMarker(text));
      }
      const marker = parsed.get(text);
      return marker !== undefined && holds(marker, { variables, sets, extra: (name) => active.has(name) });
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      problem(error.message);
      return false;
    }
  };
}
