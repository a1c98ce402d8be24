import { normalizeName } from "../config/normalize-name.ts";
import type { LockRequest } from "./lock-request.ts";
import { type RawTable, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";
import { conflictItem } from "./uv-conflicts.ts";

/** A package of a `uv.lock`; `position` is its number in the file. */
export type UvPackage = Readonly<{ raw: RawTable; position: number; name: string }>;

/** What is reached from the root. */
export type UvWalk = Readonly<{
  packages: readonly UvPackage[];
  /** Extras of packages that edges ask for, as `conflictItem` names them. */
  extras: readonly string[];
  /** Names that edges lead to, and no package has. */
  missing: readonly string[];
}>;

/** Follows the edges whose markers hold, from the parts of the root that a request asks for. */
export function walkUv(
  targets: (edge: RawTable) => readonly UvPackage[],
  root: UvPackage,
  { extras, groups, onlyGroups }: LockRequest,
  applies: (marker: string | undefined, extras: readonly string[]) => boolean,
): UvWalk {
  const visited = new Set<string>();
  const queue: (readonly RawTable[])[] = [];
  const chosen = new Set<UvPackage>();
  const [active, missing] = [new Set<string>(), new Set<string>()];
  const visit = (node: UvPackage, part: string, edges: readonly RawTable[]): void => {
    const key = `${node.position} ${part}`;
    if (visited.has(key)) return;
    visited.add(key);
    queue.push(edges);
  };
  // Locks with thousands of forks have thousands of edges to them.
  const forks = new Map<readonly UvPackage[], UvPackage | undefined>();
  const target = (edge: RawTable, items: readonly string[]): UvPackage | undefined => {
    const fitting = targets(edge);
    if (items.length > 0) return fork(fitting, (marker) => applies(marker, items));
    if (!forks.has(fitting))
      forks.set(
        fitting,
        fork(fitting, (marker) => applies(marker, items)),
      );
    return forks.get(fitting);
  };
  const visitExtra = (node: UvPackage, extra: string): void =>
    visit(node, `extra ${extra}`, partOf(node.raw["optional-dependencies"], extra));

  if (onlyGroups === undefined) {
    visit(root, "", tablesOf(root.raw["dependencies"]));
    for (const extra of extras) visitExtra(root, extra);
  }
  for (const group of onlyGroups ?? groups) {
    visit(root, `group ${group}`, partOf(root.raw["dev-dependencies"], group));
  }
  for (const edges of queue) {
    for (const edge of edges) {
      const name = uvName(edge);
      const wanted = textsOf(edge["extra"]).map(normalizeName);
      const items = wanted.map((extra) => conflictItem("extra", name, extra));
      // What an edge brings counts for its own marker.
      if (!applies(textOf(edge["marker"]), items)) continue;
      const node = target(edge, items);
      if (node === undefined) {
        missing.add(name);
        continue;
      }
      if (node !== root) chosen.add(node);
      visit(node, "", tablesOf(node.raw["dependencies"]));
      for (const extra of wanted) visitExtra(node, extra);
      for (const item of items) active.add(item);
    }
  }
  return { packages: [...chosen], extras: [...active], missing: [...missing] };
}

/** The normalized name of a package, or of what an edge leads to. */
export function uvName(raw: RawTable): string {
  return normalizeName(textOf(raw["name"]) ?? "");
}

/** The edges of an extra or a group; names are compared as PEP 685 says. */
function partOf(parts: unknown, name: string): readonly RawTable[] {
  const found = Object.entries(tableOf(parts)).find(([key]) => normalizeName(key) === name);
  return tablesOf(found?.[1]);
}

function fork(fitting: readonly UvPackage[], applies: (marker: string) => boolean): UvPackage | undefined {
  if (fitting.length < 2) return fitting[0];
  return fitting.find(({ raw }) => textsOf(raw["resolution-markers"]).some(applies)) ?? fitting[0];
}
