import type { TomlPath } from "../diagnostic/diagnostic.ts";

/** A value of a table that nothing is known of, and the way to it. */
export type PlacedValue = Readonly<{ value: unknown; path: TomlPath }>;

/** The values at a path of a table; `*` stands for each entry of a table or an array. */
export function valuesAt(table: unknown, path: readonly string[]): readonly PlacedValue[] {
  return path.reduce<readonly PlacedValue[]>(
    (found, part) => found.flatMap((one) => below(one, part)),
    [{ value: table, path: [] }],
  );
}

/** The value at a path without `*`, or undefined. */
export function valueAt(table: unknown, ...path: readonly string[]): unknown {
  return valuesAt(table, path)[0]?.value;
}

function below({ value, path }: PlacedValue, part: string): readonly PlacedValue[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value))
    return part === "*" ? value.map((one, index) => ({ value: one, path: [...path, index] })) : [];
  return Object.entries(value)
    .filter(([key]) => part === "*" || part === key)
    .map(([key, one]) => ({ value: one, path: [...path, key] }));
}
