import { patternTest } from "./path-matcher.ts";

/** Reads files of a build context: a BuildKit reference, a directory, or a map in tests. Paths are relative to its root. */
export interface ContextReader {
  /** The text of a file, or undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** The bytes of a file whose encoding is unknown, or undefined when there is no such file. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** What is at a path; links are followed. Nothing is read. */
  kindOf(path: string): Promise<"file" | "directory" | undefined>;
  /**
   * The paths of the files and directories that these patterns match, found together. The last part of a pattern may have
   * wildcards as in an ignore file. If finding files needs a transfer, those that `unseen` matches (the patterns of an
   * ignore file) are not transferred.
   */
  find(patterns: readonly string[], unseen?: readonly string[]): Promise<readonly string[]>;
}

/** {@link ContextReader.find} for readers that can list a directory: each directory is listed once. */
export async function findByListing(
  patterns: readonly string[],
  list: (directory: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const directories = [...new Set(patterns.map(directoryOf))];
  const matchers = patterns.map(patternTest);
  const found = await Promise.all(
    directories.map(async (directory) =>
      (await list(directory)).map((name) => (directory === "" ? name : `${directory}/${name}`)),
    ),
  );
  return found.flat().filter((path) => matchers.some((isMeant) => isMeant(path)));
}

function directoryOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}
