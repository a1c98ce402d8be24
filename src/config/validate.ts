import type * as z from "zod/mini";
import { atKey, atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { arrayHint } from "./array-hint.ts";
import { nulTexts } from "./nul-texts.ts";
import type { TomlTable } from "./parse-toml.ts";
import { type PyprojectTable, pyprojectSchema } from "./schema.ts";
import { misplacedKeys, unknownKeyHelp } from "./unknown-key.ts";

/** Either the table, now known to be well-formed, or everything that is wrong with it. */
export type Validation =
  | Readonly<{ valid: true; table: PyprojectTable }>
  | Readonly<{ valid: false; diagnostics: readonly Diagnostic[] }>;

/** Checks a parsed build file against the schema. */
export function validatePyproject(table: TomlTable, source: SourceText): Validation {
  const issues = issuesOf(table);
  if (issues === undefined) {
    const message = `${source.filename} has too many problems to list`;
    return { valid: false, diagnostics: [{ code: "diagnostic.limit", message }] };
  }
  const diagnostics = [
    ...issues.flatMap((issue) => toDiagnostics(issue, table, source)),
    ...reservedNames(table, source),
    ...misplaced(table, source),
    // The schema forbids the character in what it knows.
    ...(issues.length > 0 ? [] : nulTexts(table, source)),
  ];
  // The schema transforms nothing, so the input is the output; the input keeps the order of the file.
  return diagnostics.length > 0 ? { valid: false, diagnostics } : { valid: true, table: table as PyprojectTable };
}

function misplaced(table: TomlTable, source: SourceText): readonly Diagnostic[] {
  return misplacedKeys(table).map((path) => {
    const [key = ""] = path.slice(-1);
    const where = path.length === 1 ? "at the top of the file" : `in [${displayPath(path.slice(0, -1))}]`;
    return {
      code: "config.unknown-key",
      message: `"${key}" has no effect ${where}`,
      place: atKey(source, ...path),
      help: `it is a key of [tool.microb.target.default]: write it there`,
    };
  });
}

/** Undefined when there are more than zod can hold: it passes them as arguments of one call. */
function issuesOf(table: TomlTable): readonly z.core.$ZodIssue[] | undefined {
  try {
    return pyprojectSchema.safeParse(table).error?.issues ?? [];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function toDiagnostics(issue: z.core.$ZodIssue, table: TomlTable, source: SourceText): readonly Diagnostic[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  const name = displayPath(path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        code: "config.unknown-key",
        message: `unknown key "${key}" in [${name}]`,
        place: atKey(source, ...path, key),
        help: unknownKeyHelp(key, path, valueAt(table, [...path, key])),
      }));
    case "invalid_key":
      return [
        {
          code: "config.value",
          message: `"${String(path.at(-1))}" ${issue.issues[0]?.message ?? "is not a valid name"}`,
          place: atKey(source, ...path),
        },
      ];
    case "invalid_type": {
      const value = valueAt(table, path);
      if (value === undefined) {
        return [{ code: "project.metadata", message: `${name} is required`, place: atKey(source, ...path) }];
      }
      const message = `${name} must be ${EXPECTED[issue.expected] ?? issue.expected}, not ${describeType(value)}`;
      return [
        { code: "config.type", message, place: atValue(source, ...path), ...typeHint(issue.expected, value, path) },
      ];
    }
    case "invalid_union":
      return [
        { code: "config.type", message: `${name} must be ${alternatives(issue)}`, place: atValue(source, ...path) },
      ];
    case "invalid_value": {
      const values = issue.values.map((value) => JSON.stringify(value)).join(" or ");
      const value = valueAt(table, path);
      if (typeof value !== "string") {
        const message = `${name} must be a string, not ${describeType(value)}`;
        return [{ code: "config.type", message, place: atValue(source, ...path), help: `supported: ${values}` }];
      }
      const message = `${name} is ${JSON.stringify(value)}, which is not supported`;
      return [{ code: "config.value", message, place: atValue(source, ...path), help: `supported: ${values}` }];
    }
    default:
      return [{ code: "config.value", message: `${name} ${issue.message}`, place: atValue(source, ...path) }];
  }
}

/** Of the unions of the schema all take a text; one of them takes `false` besides, the others a table. */
function alternatives({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const takesFalse = errors.flat().some((issue) => issue.code === "invalid_value" && issue.values.includes(false));
  return takesFalse ? "a string or false" : "a string or a table";
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string",
  array: "an array",
  object: "a table",
  record: "a table",
  boolean: "true or false",
};

/** How a number was written is not known any more: 3.10 is 3.1. */
function typeHint(expected: string, value: unknown, path: TomlPath): { help?: string } {
  if (expected === "array" && typeof value === "string") return { help: arrayHint(path, value) };
  const scalar = typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
  return expected === "string" && scalar ? { help: "write it in quotes" } : {};
}

function describeType(value: unknown): string {
  if (value instanceof Date) return "a date or time";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return "a string";
    case "bigint":
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return "a table";
  }
}

function valueAt(table: TomlTable, path: TomlPath): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown> | undefined)?.[part], table);
}

function displayPath(path: TomlPath): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

/** A name that no JavaScript record can hold as a plain entry, and that validation therefore passes over. */
const RESERVED_NAME = "__proto__";

/** The tables whose names are the user's own; "*" stands for each of them. */
const RECORDS: readonly (readonly string[])[] = [
  ["tool", "microb", "target"],
  ["tool", "microb", "target", "*", "env"],
  ["tool", "microb", "target", "*", "environment"],
  ["tool", "microb", "target", "*", "labels"],
  ["tool", "microb", "target", "*", "index_mirrors"],
  ["project", "optional-dependencies"],
  ["project", "scripts"],
  ["project", "urls"],
  ["tool", "poetry", "dependencies"],
  ["tool", "poetry", "scripts"],
  ["tool", "flit", "scripts"],
  ["tool", "setuptools", "dynamic", "optional-dependencies"],
];

function reservedNames(table: TomlTable, source: SourceText): readonly Diagnostic[] {
  return RECORDS.flatMap((record) => matches(table, record))
    .filter((path) => entriesOf(valueAt(table, path)).some(([key]) => key === RESERVED_NAME))
    .map((path) => ({
      code: "config.value",
      message: `"${RESERVED_NAME}" cannot be used as a name`,
      place: atKey(source, ...path, RESERVED_NAME),
    }));
}

function matches(value: unknown, [part, ...rest]: readonly string[]): readonly TomlPath[] {
  if (part === undefined) return [[]];
  return entriesOf(value)
    .filter(([key]) => part === "*" || part === key)
    .flatMap(([key, item]) => matches(item, rest).map((path) => [key, ...path]));
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
