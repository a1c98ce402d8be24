import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContextReader, findByListing } from "./context-reader.ts";

/** Reads a build context that is a directory of this machine. */
export function localReader(directory: string): ContextReader {
  return {
    async readText(path) {
      try {
        return await readFile(join(directory, path), "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    find: (patterns) => findByListing(patterns, (folder) => listNames(join(directory, folder))),
  };
}

async function listNames(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "ENAMETOOLONG";
}
