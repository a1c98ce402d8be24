import toml from "@iarna/toml";
import { atSpan, type Span } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { InheritedNameError, withoutInherited } from "./inherited-names.ts";

/** A TOML table as it was parsed: own properties only, of any TOML type. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** The largest build file that is read, in bytes of UTF-8. The largest of 276 public ones has 90 kB. */
export const MAX_BUILD_FILE_SIZE: number = 1024 * 1024;

/**
 * Parses a build file. Problems are placed in `shown`, which has the same positions.
 * @throws UserError when it is too large, or no TOML 1.0.
 */
export function parseToml({ text }: SourceText, shown: SourceText): TomlTable {
  const size = Buffer.byteLength(text);
  if (size > MAX_BUILD_FILE_SIZE) throw tooLarge(shown, size);
  try {
    // The parser takes the carriage return after a comment for a part of it.
    const unixText = text.replaceAll("\r\n", "\n");
    return withoutInherited(() => toml.parse(unixText));
  } catch (error) {
    throw error instanceof InheritedNameError ? inheritedName(shown, error.message) : syntaxError(shown, error);
  }
}

function tooLarge({ filename, text }: SourceText, size: number): UserError {
  // Its beginning is enough to show: the source travels with the error.
  const head: SourceText = { filename, text: text.slice(0, 200) };
  return new UserError({
    code: "toml.size",
    message: `the build file has ${size} bytes; microb reads at most ${MAX_BUILD_FILE_SIZE}`,
    place: atSpan(head, { line: 1, column: 1, length: 1 }),
    help: "move data out of pyproject.toml, or name the right file with -f",
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

function syntaxError(source: SourceText, error: unknown): UserError {
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
  if (!(error instanceof Error && "line" in error && "col" in error)) return undefined;
  const line = Number(error.line) + 1;
  const column = Number(error.col) + (line === 1 ? 0 : 1);
  return { line, column: Math.max(1, column), length: 1 };
}

/** The parser's words without its own excerpt, and with characters instead of their numbers. */
function describe(error: unknown): string {
  const [text = ""] = String(error instanceof Error ? error.message : error).split(/ at row \d+/, 1);
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
  const mark = /\{\{.*?\}\}|\{%.*?%\}/.exec(text)?.[0];
  if (mark === undefined) return undefined;
  return `${mark.slice(0, 40)} looks like a template: render it (cookiecutter, copier, jinja) and build the result`;
}
