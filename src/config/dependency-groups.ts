import type { PlacedText } from "./metadata.ts";
import { normalizeName } from "./normalize-name.ts";

/** The requirements of a group by its normalized name, with those of the groups that it includes. */
export type DependencyGroups = ReadonlyMap<string, readonly PlacedText[]>;

/**
 * `[dependency-groups]` (PEP 735). Locks are compared with it. What does not follow the standard is skipped: the tools that
 * make locks report it.
 */
export function dependencyGroups(table: unknown): DependencyGroups {
  const groups = new Map(
    Object.entries(isTable(table) ? table : {}).map(([name, items]) => [normalizeName(name), { name, items }]),
  );
  const requirements = (wanted: string, above: readonly string[]): readonly PlacedText[] => {
    const group = groups.get(wanted);
    if (group === undefined || above.includes(wanted) || !Array.isArray(group.items)) return [];
    return group.items.flatMap((item: unknown, index): readonly PlacedText[] => {
      if (typeof item === "string") return [{ text: item, path: ["dependency-groups", group.name, index] }];
      const included = isTable(item) ? item["include-group"] : undefined;
      return typeof included === "string" ? requirements(normalizeName(included), [...above, wanted]) : [];
    });
  };
  return new Map([...groups.keys()].map((name) => [name, requirements(name, [])]));
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
