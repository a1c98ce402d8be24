import { normalizeName } from "../config/normalize-name.ts";
import { checkPython } from "./check-python.ts";
import type { EntrySource, LockEntry } from "./lock-entry.ts";
import type { LockQuestion, LockReader } from "./lock-reading.ts";
import { holds, type Marker, MarkerError, parseMarker } from "./marker.ts";
import { type RawTable, shortOf, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";
import { uvTargets } from "./uv-targets.ts";

/**
 * Walks `uv.lock` (version 1, all revisions) from the root along the dependencies whose markers hold. Packages have no
 * markers of their own there; a name in several versions is told apart by its edges, or by the markers of its fork.
 */
export const selectUv: LockReader = (question) => {
  const { table, request, problem } = question;
  if (table["version"] !== 1) {
    problem(`this is version ${shortOf(table["version"])} of uv's format; microb knows version 1`, {
      help: "make the lock with a uv that microb knows, or name an export with the requirements key",
    });
    return [];
  }
  const packages = tablesOf(table["package"]).map((raw, position) => ({ raw, position, name: nameOf(raw) }));
  const root = findRoot(packages, request.root);
  if (root === undefined) {
    problem(`it has no project ${request.root ?? ""}`.trim(), { help: "name one of its members with the member key" });
    return [];
  }
  checkPython(table["requires-python"], question);
  checkConflicts(table["conflicts"], question, root.name);

  const visited = new Set<string>();
  const chosen = new Map<number, LockEntry>();
  const active = new Set<string>([`project-${root.name.length}-${root.name}`]);
  for (const extra of request.extras) active.add(`extra-${root.name.length}-${root.name}-${extra}`);
  for (const group of request.onlyGroups ?? request.groups)
    active.add(`group-${root.name.length}-${root.name}-${group}`);
  const environment = {
    variables: question.variables,
    sets: new Map<string, ReadonlySet<string>>(),
    extra: (name: string) => active.has(name),
  };
  const applies = markerTest(environment, problem);
  const targets = uvTargets(packages);
  // Forks are chosen by markers, and these by the extras that are active.
  const forks = new Map<readonly Package[], Readonly<{ extras: number; node: Package | undefined }>>();
  const target = (edge: RawTable): Package | undefined => {
    const fitting = targets(edge);
    const known = forks.get(fitting);
    if (known?.extras === active.size) return known.node;
    const isFork = ({ raw }: Package): boolean => textsOf(raw["resolution-markers"]).some(applies);
    const node = fitting.length < 2 ? fitting[0] : (fitting.find(isFork) ?? fitting[0]);
    forks.set(fitting, { extras: active.size, node });
    return node;
  };

  const queue: { node: Package; edges: readonly RawTable[] }[] = [];
  const visit = (node: Package, part: string, edges: readonly RawTable[]): void => {
    const key = `${node.position} ${part}`;
    if (visited.has(key)) return;
    visited.add(key);
    queue.push({ node, edges });
  };
  if (request.onlyGroups === undefined) visit(root, "", tablesOf(root.raw["dependencies"]));
  for (const extra of request.onlyGroups === undefined ? request.extras : []) {
    visit(root, `extra ${extra}`, partOf(root.raw["optional-dependencies"], extra));
  }
  for (const group of request.onlyGroups ?? request.groups) {
    const edges = partOf(root.raw["dev-dependencies"], group);
    const isKnown = Object.keys(tableOf(root.raw["dev-dependencies"])).some((one) => normalizeName(one) === group);
    if (!isKnown && !isEmptyGroup(root.raw, group))
      problem(`${root.name} has no group ${group}`, { position: root.position });
    visit(root, `group ${group}`, edges);
  }
  for (const { edges } of queue) {
    for (const edge of edges) {
      if (!applies(textOf(edge["marker"]))) continue;
      const node = target(edge);
      if (node === undefined) {
        problem(`it has no package ${shortOf(edge["name"])}, on which others depend`);
        continue;
      }
      if (node !== root && !chosen.has(node.position)) chosen.set(node.position, entryOf(node, question));
      visit(node, "", tablesOf(node.raw["dependencies"]));
      for (const extra of textsOf(edge["extra"])) {
        active.add(`extra-${node.name.length}-${node.name}-${normalizeName(extra)}`);
        visit(node, `extra ${normalizeName(extra)}`, partOf(node.raw["optional-dependencies"], normalizeName(extra)));
      }
    }
  }
  return [...chosen.values()];
};

type Package = Readonly<{ raw: RawTable; position: number; name: string }>;

function nameOf(raw: RawTable): string {
  return normalizeName(textOf(raw["name"]) ?? "");
}

/** The member that is asked for, else the project itself, which is where the lock is. */
function findRoot(packages: readonly Package[], wanted: string | undefined): Package | undefined {
  const members = packages.filter(({ raw }) => isMember(tableOf(raw["source"])));
  const atRoot = members.find(({ raw }) => Object.values(tableOf(raw["source"])).includes("."));
  return members.find(({ name }) => name === wanted) ?? (wanted === undefined ? atRoot : undefined);
}

function isMember(source: RawTable): boolean {
  return ["editable", "virtual", "directory"].some((kind) => typeof source[kind] === "string");
}

/** The edges of an extra or a group; names are compared as PEP 685 says. */
function partOf(parts: unknown, name: string): readonly RawTable[] {
  const found = Object.entries(tableOf(parts)).find(([key]) => normalizeName(key) === name);
  return tablesOf(found?.[1]);
}

/** A group without requirements is in the metadata only. */
function isEmptyGroup(raw: RawTable, group: string): boolean {
  const known = Object.keys(tableOf(tableOf(raw["metadata"])["requires-dev"]));
  return known.some((one) => normalizeName(one) === group);
}

function entryOf({ raw, position, name }: Package, question: LockQuestion): LockEntry {
  const version = textOf(raw["version"]);
  return { name, position, ...(version !== undefined && { version }), source: sourceOf(raw, position, question) };
}

function sourceOf(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const source = tableOf(raw["source"]);
  const path = textOf(source["editable"]) ?? textOf(source["directory"]) ?? textOf(source["path"]);
  if (source["virtual"] !== undefined) return { kind: "virtual" };
  if (path !== undefined) return { kind: "local", path };
  const git = textOf(source["git"]);
  if (git !== undefined) return gitSource(git, position, question);
  // A direct URL has its one file among wheels or as sdist, with the URL in the source.
  const url = textOf(source["url"]);
  const withUrl = (file: RawTable): RawTable =>
    url !== undefined && file["url"] === undefined ? { ...file, url } : file;
  const sdist = raw["sdist"] === undefined ? undefined : withUrl(tableOf(raw["sdist"]));
  return readEntryFiles({ wheels: tablesOf(raw["wheels"]).map(withUrl), sdist }, position, question);
}

function gitSource(text: string, position: number, { problem }: LockQuestion): EntrySource {
  const [, url = "", query = "", commit = ""] = /^([^?#]*)(?:\?([^#]*))?#([0-9a-f]{40})$/.exec(text) ?? [];
  if (commit === "") problem("its git source names no commit", { position });
  const subdirectory = new URLSearchParams(query).get("subdirectory");
  const clean = url.replace(/^([a-z+]+:\/\/)[^/@]*@(?=[^/]*)/, (whole, scheme: string) =>
    scheme.startsWith("ssh") ? whole : scheme,
  );
  return { kind: "git", url: clean, commit, ...(subdirectory !== null && { subdirectory }) };
}

/** Sets of extras and groups that exclude each other, and are asked for together. */
function checkConflicts(conflicts: unknown, { request, problem }: LockQuestion, root: string): void {
  for (const set of Array.isArray(conflicts) ? conflicts : []) {
    const asked = tablesOf(set).filter(({ package: of, extra, group }) => {
      if (normalizeName(textOf(of) ?? "") !== root) return false;
      const isExtra = typeof extra === "string" && request.extras.includes(normalizeName(extra));
      return (
        isExtra || (typeof group === "string" && (request.onlyGroups ?? request.groups).includes(normalizeName(group)))
      );
    });
    if (asked.length < 2) continue;
    const names = asked.map(({ extra, group }) => shortOf(extra ?? group));
    problem(`${names.join(" and ")} exclude each other`, { help: "ask for one of them" });
  }
}

/** Whether a marker holds; each text is read once, since locks repeat them by the thousand. */
function markerTest(
  environment: Parameters<typeof holds>[1],
  problem: LockQuestion["problem"],
): (marker: string | undefined) => boolean {
  const parsed = new Map<string, Marker | undefined>();
  return (text) => {
    if (text === undefined) return true;
    try {
      if (!parsed.has(text)) {
        parsed.set(text, undefined);
        parsed.set(text, parseMarker(text));
      }
      const marker = parsed.get(text);
      return marker !== undefined && holds(marker, environment);
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      problem(error.message);
      return false;
    }
  };
}
