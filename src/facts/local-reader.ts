import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ContextReader, findByListing } from "./context-reader.ts";

/** Reads a build context that is a directory of this machine. */
export function localReader(directory: string): ContextReader {
  return {
    readText: (path) => unlessMissing(readFile(join(directory, path), "utf8")),
    readBytes: (path) => unlessMissing(readFile(join(directory, path))),
    async kindOf(path) {
      const found = await unlessMissing(stat(join(directory, path)));
      return found === undefined ? undefined : found.isDirectory() ? "directory" : "file";
    },
    find: (patterns) =>
      findByListing(patterns, async (folder) => (await unlessMissing(readdir(join(directory, folder)))) ?? []),
  };
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ELOOP" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG";
}
