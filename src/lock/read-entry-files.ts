import type { EntrySource, LockFile } from "./lock-entry.ts";
import type { LockQuestion } from "./lock-reading.ts";
import { type RawTable, tablesOf } from "./raw-table.ts";
import { FileError, type RawFile, readFile } from "./read-file.ts";

/** The files of a package. Files that cannot be used are reported; which ones are needed is not known yet. */
export function readEntryFiles(
  { wheels, sdist, directory }: Readonly<{ wheels: unknown; sdist: unknown; directory?: string }>,
  position: number,
  { problem }: Pick<LockQuestion, "problem">,
): EntrySource {
  const read = (raw: RawFile): readonly LockFile[] => {
    try {
      return [readFile(raw, directory)];
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problem(error.message, { position });
      return [];
    }
  };
  const [source] = sdist === undefined ? [] : read(sdist as RawTable);
  return {
    kind: "files",
    wheels: tablesOf(wheels).flatMap(read),
    ...(source !== undefined && { sdist: source }),
  };
}
