import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ContextReader, findByListing, type PathKind } from "./context-reader.ts";

/** Reads a build context that is a directory of this machine. */
export function localReader(directory: string): ContextReader {
  return {
    readText: (path) => unlessMissing(readFile(join(directory, path), "utf8")),
    readBytes: (path) => unlessMissing(readFile(join(directory, path))),
    find: (patterns, unseen = []) =>
      findByListing(patterns, unseen, {
        list: async (folder) =>
          ((await unlessMissing(readdir(join(directory, folder), { withFileTypes: true }))) ?? []).map((entry) => ({
            name: entry.name,
            kind: kindOf(entry) ?? (entry.isSymbolicLink() ? "symlink" : "other"),
          })),
        follow: async (path) => {
          const found = await unlessMissing(stat(join(directory, path)));
          return found && kindOf(found);
        },
      }),
  };
}

function kindOf(entry: Readonly<{ isFile(): boolean; isDirectory(): boolean }>): PathKind | undefined {
  return entry.isFile() ? "file" : entry.isDirectory() ? "directory" : undefined;
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
