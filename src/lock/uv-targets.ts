import { normalizeName } from "../config/normalize-name.ts";
import { type RawTable, tableOf, textOf } from "./raw-table.ts";

/**
 * Finds the packages that an edge of `uv.lock` may lead to, in the order of the file: those of its name, and of its version
 * and source if it names them. Edges and forks may both be thousands.
 */
export function uvTargets<P extends Readonly<{ raw: RawTable }>>(
  packages: readonly P[],
): (edge: RawTable) => readonly P[] {
  const found = new Map<string, P[]>();
  const add = (key: string, one: P): void => {
    const others = found.get(key);
    if (others === undefined) found.set(key, [one]);
    else others.push(one);
  };
  for (const one of packages) {
    const { name, version, source } = one.raw;
    for (const of of new Set([version, undefined])) {
      for (const from of new Set([source, undefined])) add(keyOf({ name, version: of, source: from }), one);
    }
  }
  return (edge) => found.get(keyOf(edge)) ?? [];
}

function keyOf({ name, version, source }: RawTable): string {
  const from = Object.entries(tableOf(source)).map(([kind, value]) => [kind, textOf(value)]);
  return JSON.stringify([normalizeName(textOf(name) ?? ""), textOf(version), source === undefined ? null : from]);
}
