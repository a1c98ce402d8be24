import toml from "@iarna/toml";
import { parse as parseNewer, TomlError } from "smol-toml";
import { atSpan, type Place, type Span } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { InheritedNameError, withoutInherited } from "./inherited-names.ts";
import { type OtherFile, otherEncoding, otherFormat } from "./other-file.ts";

/** A TOML table as it was parsed: own properties only, of any TOML type. */
export type TomlTable = Readonly<Record<string, unknown>>;

/**
 * The largest build file that is read, in bytes of UTF-8. The largest of 276 public ones has 90 kB, and to place a problem in
 * one takes up to a thousand times its size of memory.
 */
export const MAX_BUILD_FILE_SIZE: number = 384 * 1024;

/** A build file as it was parsed, and where it first says what TOML 1.0 cannot, if it does. */
export type ParsedToml = Readonly<{ table: TomlTable; newerThan10?: Place }>;

/**
 * Parses a build file: TOML 1.0, or 1.1, which uv and Python 3.15 read. Problems are placed in `shown`, which has the same
 * positions.
 * @throws UserError when it is empty, too large, not TOML, or not UTF-8 without a byte order mark.
 */
export function parseToml({ text, filename }: SourceText, shown: SourceText): ParsedToml {
  const size = Buffer.byteLength(text);
  if (size > MAX_BUILD_FILE_SIZE) throw tooLarge(shown, size);
  if (text.trim() === "") throw empty(shown);
  const source = { filename, text };
  const other = otherEncoding(source) ?? (filename.endsWith(".py") ? otherFormat(source) : undefined);
  if (other !== undefined) throw otherFile(shown, other);
  // The parser takes the carriage return after a comment for a part of it.
  const unixText = text.replaceAll("\r\n", "\n");
  try {
    return { table: withoutInherited(() => toml.parse(unixText)) };
  } catch (error) {
    if (error instanceof InheritedNameError) throw inheritedName(shown, error.message);
    const span = spanOf(error);
    const newer = parse11(unixText);
    if (newer.table === undefined) throw syntaxError(shown, isFurther(newer.error, span) ? newer.error : error);
    return { table: newer.table, newerThan10: { kind: "span", source: shown, span: span ?? START } };
  }
}

const START: Span = { line: 1, column: 1, length: 1 };

type Outcome = Readonly<{ table: TomlTable } | { table?: undefined; error: unknown }>;

/** Parses with a second parser, only where the first one fails. Both read TOML 1.0 alike. */
function parse11(text: string): Outcome {
  try {
    return { table: parseNewer(text, { integersAsBigInt: "asNeeded" }) };
  } catch (error) {
    if (error instanceof TomlError || error instanceof RangeError) return { error };
    throw error;
  }
}

/** Whether a parser fails on a later line than another one: it accepts what the other one fails on. */
function isFurther(error: unknown, span: Span | undefined): error is TomlError {
  return error instanceof TomlError && span !== undefined && error.line > span.line;
}

function tooLarge({ filename, text }: SourceText, size: number): UserError {
  // Its beginning is enough to show: the source travels with the error.
  const head: SourceText = { filename, text: text.slice(0, 200) };
  return new UserError({
    code: "toml.size",
    message: `the build file has ${size} bytes; microb reads at most ${MAX_BUILD_FILE_SIZE}`,
    place: atSpan(head, START),
    help: "move data out of pyproject.toml, or name the right file with -f",
  });
}

function otherFile(source: SourceText, { what, help }: OtherFile): UserError {
  return new UserError({
    code: "toml.syntax",
    message: `this is ${what}`,
    place: atSpan(source, START),
    help,
  });
}

function inheritedName(source: SourceText, name: string): UserError {
  const before = source.text.slice(0, new RegExp(`\\b${name}\\b`).exec(source.text)?.index ?? 0);
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  return new UserError({
    code: "config.value",
    message: `"${name}" cannot be used as a name`,
    place: atSpan(source, { line, column, length: name.length }),
  });
}

/** It was made and never written, or another file is meant. */
function empty(source: SourceText): UserError {
  return new UserError({
    code: "context.build-file",
    message: `${source.filename} is empty`,
    place: { kind: "span", source, span: START },
    help: "write a [project] table into it, or name the build file that is meant",
  });
}

function syntaxError(source: SourceText, error: unknown): UserError {
  const other = otherFormat(source);
  if (other !== undefined) return otherFile(source, other);
  const help = templateHint(source.text);
  const span = spanOf(error);
  return new UserError({
    code: "toml.syntax",
    message: `invalid TOML: ${describe(error)}`,
    place: { kind: "syntax", source, ...(span !== undefined && { span }) },
    ...(help !== undefined && { help }),
  });
}

/** Lines count from 0. Columns do too, but on the first line from 1 (`@iarna/toml` `lib/parser.js`, `nextChar`). */
function spanOf(error: unknown): Span | undefined {
  if (error instanceof TomlError) return { line: error.line, column: Math.max(1, error.column), length: 1 };
  if (!(error instanceof Error && "line" in error && "col" in error)) return undefined;
  const line = Number(error.line) + 1;
  const column = Number(error.col) + (line === 1 ? 0 : 1);
  return { line, column: Math.max(1, column), length: 1 };
}

/** The parser's words without its own excerpt, and with characters instead of their numbers. */
function describe(error: unknown): string {
  const [whole = ""] = String(error instanceof Error ? error.message : error).split(/ at row \d+|\n/, 1);
  const text = whole.replace(/^Invalid TOML document: /, "");
  const message = text
    .replace(/^Unknown character "(\d+)"/, (_, code: string) => `unexpected ${character(code)}`)
    .replace(/^Unknown escape character: (\d+)/, (_, code: string) => `unknown escape of ${character(code)}`);
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** The parser's end of the text is the number after the last character there is. */
function character(code: string): string {
  return Number(code) > 0x10ffff ? "the end of the file" : JSON.stringify(String.fromCodePoint(Number(code)));
}

function templateHint(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const mark = enclosed(line, "{{", "}}") ?? enclosed(line, "{%", "%}");
    if (mark === undefined) continue;
    return `${mark.slice(0, 40)} looks like a template: render it (cookiecutter, copier, jinja) and build the result`;
  }
  return undefined;
}

/** The first opening mark of a line, up to the next closing one. Where the first has none, no other one has. */
function enclosed(line: string, open: string, close: string): string | undefined {
  const start = line.indexOf(open);
  const end = start < 0 ? -1 : line.indexOf(close, start + open.length);
  return end < 0 ? undefined : line.slice(start, end + close.length);
}
