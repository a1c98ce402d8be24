import { atSpan } from "../diagnostic/diagnostic.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextReader } from "./context-reader.ts";

/** The largest file that planning reads, in characters: lists of packages, of which the largest known has 7 MB. */
export const MAX_LIST = 16 << 20;

/** The largest file of another kind that is read, such as setup.py. */
export const MAX_TEXT = 1 << 20;

/** A reader of the same context that refuses larger files: a build is told by texts that people or tools wrote. */
export function boundedReader(reader: ContextReader, limit: number): ContextReader {
  return {
    find: reader.find,
    readText: async (path) => {
      const text = await reader.readText(path);
      if (text !== undefined) check(path, text.length, limit);
      return text;
    },
    readBytes: async (path) => {
      const bytes = await reader.readBytes(path);
      if (bytes !== undefined) check(path, bytes.length, limit);
      return bytes;
    },
  };
}

function check(filename: string, size: number, limit: number): void {
  if (size > limit) throw tooLarge(filename, size, limit);
}

/** The error for a file that has more bytes than are read. */
export function tooLarge(filename: string, size: number, limit: number): UserError {
  return new UserError({
    code: "context.size",
    message: `the file has ${size} bytes; microb reads at most ${limit}`,
    place: atSpan({ filename, text: "" }, { line: 1, column: 1, length: 1 }),
    help: "check that it is the right file",
  });
}
