/** A table of a build file whose values were not checked: those of other tools are checked by these tools. */
export type RawTable = Readonly<Record<string, unknown>>;

/** Whether a value is a table. */
export function isTable(value: unknown): value is RawTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tables of an array in a table; nothing if it is none. */
export function tablesAt(table: unknown, key: string): readonly RawTable[] {
  const value = isTable(table) ? table[key] : undefined;
  return Array.isArray(value) ? value.filter(isTable) : [];
}

/** A text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
