import toml from "@iarna/toml";
import { atSpan } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";

/** A TOML table as it was parsed: own properties only, of any TOML type. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** The largest build file that is read, in bytes of UTF-8. The largest of 276 public ones has 90 kB. */
export const MAX_BUILD_FILE_SIZE: number = 1024 * 1024;

/**
 * Parses a build file.
 * @throws UserError when it is too large, or no TOML 1.0.
 */
export function parseToml(source: SourceText): TomlTable {
  const size = Buffer.byteLength(source.text);
  if (size > MAX_BUILD_FILE_SIZE) {
    throw new UserError({
      code: "toml.size",
      message: `the build file has ${size} bytes; microb reads at most ${MAX_BUILD_FILE_SIZE}`,
      place: atSpan(source, { line: 1, column: 1, length: 1 }),
      help: "move data out of pyproject.toml, or name the right file with -f",
    });
  }
  try {
    return toml.parse(source.text);
  } catch (error) {
    throw syntaxError(source, error);
  }
}

function syntaxError(source: SourceText, error: unknown): unknown {
  if (!(error instanceof Error) || !("line" in error) || !("col" in error)) return error;
  const line = Number(error.line) + 1;
  const column = Number(error.col) + 1;
  const message = (error.message.split(/ at row \d+/, 1)[0] ?? error.message).replace(
    /^Unknown character "(\d+)"/,
    (_, code: string) => `unexpected ${JSON.stringify(String.fromCodePoint(Number(code)))}`,
  );
  const help = templateHint(source.text);
  return new UserError({
    code: "toml.syntax",
    message: `invalid TOML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    place: atSpan(source, { line, column, length: 1 }),
    ...(help === undefined ? {} : { help }),
  });
}

function templateHint(text: string): string | undefined {
  const mark = /\{\{.*?\}\}|\{%.*?%\}/.exec(text)?.[0];
  if (mark === undefined) return undefined;
  return `${mark.slice(0, 40)} looks like a template: render it (cookiecutter, copier, jinja) and build the result`;
}
