import { atKey, atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { isTable } from "./raw-value.ts";

/** The tables whose texts may reach a program. Other tools may do with theirs what they like. */
const READ: readonly TomlPath[] = [
  ["project"],
  ["build-system"],
  ["dependency-groups"],
  ...["microb", "uv", "poetry", "pdm", "flit", "setuptools"].map((tool) => ["tool", tool]),
];

/** How TOML writes the character: as it is, it is not allowed. */
const ESCAPE = /\\(?:u0{4}|U0{8}|x00)/;

/** Reports names and values with a NUL: no argument of a program, variable or path can have one. */
export function nulTexts(table: unknown, source: SourceText): readonly Diagnostic[] {
  if (!ESCAPE.test(source.text)) return [];
  return READ.flatMap((path) => within(valueAt(table, path), path)).map((place) => ({
    code: "config.value",
    message: "the text has a NUL character, which no program can be passed",
    place: place.kind === "key" ? atKey(source, ...place.path) : atValue(source, ...place.path),
  }));
}

type Found = Readonly<{ kind: "key" | "value"; path: TomlPath }>;

function within(value: unknown, path: TomlPath): readonly Found[] {
  if (typeof value === "string") return value.includes("\0") ? [{ kind: "value", path }] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => within(one, [...path, index]));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, one]): readonly Found[] => [
    ...(key.includes("\0") ? [{ kind: "key" as const, path: [...path, key] }] : []),
    ...within(one, [...path, key]),
  ]);
}

function valueAt(table: unknown, path: TomlPath): unknown {
  return path.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), table);
}
