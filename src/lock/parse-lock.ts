import { parse, TomlError } from "smol-toml";
import { atSpan } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { shownLock } from "./lock-problem.ts";
import type { RawTable } from "./raw-table.ts";

/** The largest lock that is read, in characters: more than twice the largest known one. */
const MAX_LENGTH = 16 << 20;

/** The most tables, keys and elements that it may have: each takes memory, and each can be short. */
const MAX_PARTS = 500_000;

const PARSED = new WeakMap<SourceText, RawTable>();

/**
 * The tables of a lock. Parsing is most of the work, so a text is parsed once, for all platforms and readers.
 * @throws UserError when it is too large, is not TOML, or has conflict markers.
 */
export function parseLock(source: SourceText): RawTable {
  const table = PARSED.get(source) ?? parsed(source);
  PARSED.set(source, table);
  return table;
}

function parsed(source: SourceText): RawTable {
  const { filename, text } = source;
  // The beginning of one that is too large is enough to show.
  if (text.length > MAX_LENGTH)
    throw tooLarge(filename, `the lock has ${text.length} characters; microb reads at most ${MAX_LENGTH}`);
  if (hasMoreParts(text)) throw tooLarge(filename, `the lock has more than ${MAX_PARTS} tables, keys and elements`);
  const fail = (message: string, line: number, column: number): never => {
    const place = atSpan(shownLock(source), { line, column, length: 1 });
    throw new UserError({ code: "lock.invalid", message, place, help: "create the lock again" });
  };
  const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
  if (conflict !== null) {
    fail("the lock has conflict markers of git", text.slice(0, conflict.index).split("\n").length, 1);
  }
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) {
      fail(`the lock is not valid TOML: ${error.message.split("\n")[0]}`, error.line, Math.max(1, error.column));
    }
    if (error instanceof RangeError) fail("the lock is nested too deeply", 1, 1);
    throw error;
  }
}

function tooLarge(filename: string, message: string): UserError {
  const place = atSpan({ filename, text: "" }, { line: 1, column: 1, length: 1 });
  return new UserError({ code: "lock.invalid", message, place, help: "check that the file is a lock" });
}

/** Counts the characters that come with them, wherever they are. */
function hasMoreParts(text: string): boolean {
  if (text.length <= MAX_PARTS) return false;
  let parts = 0;
  for (let index = 0; index < text.length; index++) if (isPart(text.charCodeAt(index))) parts++;
  return parts > MAX_PARTS;
}

/** Of `[`, `{`, `=` and `,`. */
function isPart(code: number): boolean {
  return code === 0x5b || code === 0x7b || code === 0x3d || code === 0x2c;
}
