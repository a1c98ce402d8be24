import { shorten } from "../util/mask.ts";
/** A table of a lock whose values were not checked. */
export type RawTable = Readonly<Record<string, unknown>>;

/** The tables of an array; nothing if it is none. */
export function tablesOf(value: unknown): readonly RawTable[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}

/** A table; an empty one if it is none. */
export function tableOf(value: unknown): RawTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as RawTable) : {};
}

/** The texts of an array. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Any value for people, in a few words. */
export function shortOf(value: unknown): string {
  if (typeof value === "object") return Array.isArray(value) ? "an array" : "a table";
  return shorten(typeof value === "string" ? value : String(value));
}

/** A text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The packages of a lock, in its order: uv's first locks call them distributions, PEP 751 has the plural. */
export function packagesOf(table: RawTable): readonly RawTable[] {
  return [...tablesOf(table["package"]), ...tablesOf(table["distribution"]), ...tablesOf(table["packages"])];
}
