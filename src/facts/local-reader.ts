import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_LIST, tooLarge } from "./bounded-reader.ts";
import { type ContextReader, findByListing, type PathKind } from "./context-reader.ts";

/** Reads a build context that is a directory of this machine. */
export function localReader(directory: string): ContextReader {
  return {
    readText: async (path) => (await unlessMissing(readBounded(directory, path)))?.toString("utf8"),
    readBytes: (path) => unlessMissing(readBounded(directory, path)),
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

/** What is no file, such as a device, is not there: reading it may never end. */
async function readBounded(directory: string, path: string): Promise<Buffer | undefined> {
  const found = await stat(join(directory, path));
  if (!found.isFile()) return undefined;
  if (found.size > MAX_LIST) throw tooLarge(path, found.size, MAX_LIST);
  const file = await open(join(directory, path));
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
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
