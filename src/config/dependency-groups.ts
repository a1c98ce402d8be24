import type { PlacedText } from "./metadata.ts";
import { normalizeName } from "./normalize-name.ts";

/** A group by itself: its requirements, and the normalized names of the groups that it includes. */
export type DependencyGroup = Readonly<{ requirements: readonly PlacedText[]; includes: readonly string[] }>;

/** The groups of a project by their normalized names. */
export type DependencyGroups = ReadonlyMap<string, DependencyGroup>;

/**
 * `[dependency-groups]` (PEP 735). Locks are compared with it. What does not follow the standard is skipped: the tools that
 * make locks report it.
 */
export function dependencyGroups(table: unknown): DependencyGroups {
  return new Map(
    Object.entries(isTable(table) ? table : {}).map(([name, value]) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [];
      const requirements = items.flatMap((item, index): readonly PlacedText[] =>
        typeof item === "string" ? [{ text: item, path: ["dependency-groups", name, index] }] : [],
      );
      const includes = items.flatMap((item) => {
        const included = isTable(item) ? item["include-group"] : undefined;
        return typeof included === "string" ? [normalizeName(included)] : [];
      });
      return [normalizeName(name), { requirements, includes }];
    }),
  );
}

/** The requirements of some groups, and of those that they include: each group once, however many ways lead to it. */
export function groupRequirements(groups: DependencyGroups, names: readonly string[]): readonly PlacedText[] {
  const reached = new Set(names.map(normalizeName));
  const found: PlacedText[] = [];
  for (const name of reached) {
    const { requirements = [], includes = [] } = groups.get(name) ?? {};
    for (const one of requirements) found.push(one);
    for (const included of includes) reached.add(included);
  }
  return found;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
