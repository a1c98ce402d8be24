import { open, readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../diagnostic/user-error.ts";
import { MAX_LIST, tooLarge } from "./bounded-reader.ts";
import { type ContextReader, findByListing, type PathKind } from "./context-reader.ts";

/**
 * Reads a build context that is a directory of this machine, and nothing outside of it. What cannot be read is an error of
 * the user's.
 */
export function localReader(directory: string): ContextReader {
  const reading = <T>(path: string, read: (real: string) => Promise<T>): Promise<T | undefined> =>
    unlessMissing(path, pathWithin(directory, path).then(read));
  const readBytes = (path: string): Promise<Buffer | undefined> => reading(path, (real) => readBounded(real, path));
  return {
    readText: async (path) => (await readBytes(path))?.toString("utf8"),
    readBytes,
    find: (patterns, unseen = []) =>
      findByListing(patterns, unseen, {
        list: async (folder) =>
          ((await reading(folder, (real) => readdir(real, { withFileTypes: true }))) ?? []).map((entry) => ({
            name: entry.name,
            kind: kindOf(entry) ?? (entry.isSymbolicLink() ? "symlink" : "other"),
          })),
        follow: async (path) => {
          const found = await reading(path, (real) => stat(real));
          return found && kindOf(found);
        },
      }),
  };
}

/** What is no file, such as a device, is not there: reading it may never end. */
async function readBounded(real: string, path: string): Promise<Buffer | undefined> {
  const found = await stat(real);
  if (!found.isFile()) return undefined;
  if (found.size > MAX_LIST) throw tooLarge(path, found.size, MAX_LIST);
  const file = await open(real);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/**
 * Where a path of a context is on this machine. Links lead to what a build finds there: the context is all that there is,
 * an absolute link begins at its root, and nothing is above that (containerd `fs.RootPath`, by which BuildKit follows links).
 * @throws an error with the code ELOOP for links without end, as the operating system does.
 */
export async function pathWithin(directory: string, path: string): Promise<string> {
  let [rest, links] = [path.split("/"), 0];
  const found: string[] = [];
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      found.pop();
      continue;
    }
    const target = await linkTarget(join(directory, ...found, part));
    if (target === undefined) found.push(part);
    else {
      if (++links > MOST_LINKS) throw Object.assign(new Error(`${path} has too many links`), { code: "ELOOP" });
      if (target.startsWith("/")) found.length = 0;
      rest = [...target.split("/"), ...rest];
    }
  }
  return join(directory, ...found);
}

/** Undefined for what is no link. */
async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "EINVAL" || isMissing(error))) return undefined;
    throw error;
  }
}

function kindOf(entry: Readonly<{ isFile(): boolean; isDirectory(): boolean }>): PathKind | undefined {
  return entry.isFile() ? "file" : entry.isDirectory() ? "directory" : undefined;
}

async function unlessMissing<T>(path: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (!(error instanceof Error && "code" in error)) throw error;
    const why = error.code === "EACCES" || error.code === "EPERM" ? "nobody may read it but its owner" : error.message;
    throw new UserError({ code: "context.file", message: `cannot read ${path}: ${why}` });
  }
}

/** A path with a NUL is none either. */
const MISSING: ReadonlySet<unknown> = new Set([
  ...["ENOENT", "ELOOP", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"],
]);

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && MISSING.has(error.code);
}
