import type { DiagnosticCode } from "./code.ts";
import type { SourceText } from "./source-text.ts";

/** A way to a TOML value: table and key names, and indexes of array elements. */
export type TomlPath = readonly (string | number)[];

/** A range of a text: lines and columns count from 1, columns in UTF-16 units, `length` at least 1. */
export type Span = Readonly<{ line: number; column: number; length: number }>;

/**
 * What a diagnostic points at. A TOML place is turned into a span only when it is shown: a build without problems
 * never pays for positions.
 */
export type Place =
  | Readonly<{ kind: "toml"; source: SourceText; path: TomlPath; at: "key" | "value" }>
  | Readonly<{ kind: "span"; source: SourceText; span: Span }>
  /** Where the text stops to be TOML; `span` is what the parser that failed says, if it says anything. */
  | Readonly<{ kind: "syntax"; source: SourceText; span?: Span }>;

/** One problem of the user's input: what is wrong, where, and what to do about it. */
export type Diagnostic = Readonly<{
  code: DiagnosticCode;
  message: string;
  place?: Place;
  /** Another place that has to do with it. */
  also?: Place;
  help?: string;
}>;

/** Points at the key of a TOML entry. */
export function atKey(source: SourceText, ...path: TomlPath): Place {
  return { kind: "toml", source, path, at: "key" };
}

/** Points at the value of a TOML entry. */
export function atValue(source: SourceText, ...path: TomlPath): Place {
  return { kind: "toml", source, path, at: "value" };
}

/** Points at a range of any text. */
export function atSpan(source: SourceText, span: Span): Place {
  return { kind: "span", source, span };
}
