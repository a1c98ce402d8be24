import { parse, TomlError } from "smol-toml";
import { atSpan } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { RawTable } from "./raw-table.ts";

/** The largest lock that is read: the largest known ones have a fifth of it. */
const MAX_LENGTH = 32 << 20;

const PARSED = new WeakMap<SourceText, RawTable>();

/**
 * The tables of a lock. A text is parsed once, however many platforms and questions there are: it is most of the work.
 * @throws UserError when it is no TOML, or a merge has left marks in it.
 */
export function parseLock(source: SourceText): RawTable {
  const table = PARSED.get(source) ?? parsed(source);
  PARSED.set(source, table);
  return table;
}

function parsed(source: SourceText): RawTable {
  const fail = (message: string, line: number, column: number, help: string): never => {
    throw new UserError({ code: "lock.invalid", message, place: atSpan(source, { line, column, length: 1 }), help });
  };
  const { text } = source;
  if (text.length > MAX_LENGTH)
    fail(`it has ${text.length} characters; microb reads at most ${MAX_LENGTH}`, 1, 1, "is it a lock?");
  const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
  if (conflict !== null) {
    fail("git has left marks of a conflict", text.slice(0, conflict.index).split("\n").length, 1, "make the lock anew");
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) {
      fail(
        `it is not valid TOML: ${error.message.split("\n")[0]}`,
        error.line,
        Math.max(1, error.column),
        "make the lock anew",
      );
    }
    if (error instanceof RangeError) fail("it is nested too deeply", 1, 1, "make the lock anew");
    throw error;
  }
}
