import { isTooLong } from "../config/path-limit.ts";

/**
 * A path that a lock names, relative to the lock, as a path of the build context; undefined if it leads out of it, or is
 * longer than any.
 */
export function contextPath(path: string, lock: string): string | undefined {
  if (isTooLong(path)) return undefined;
  // A backslash and the others mean something to what copies files.
  if (/^\/|[\p{Cc}\\*?[\]#&]/u.test(path)) return undefined;
  const parts = lock.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part !== "..") {
      if (part !== "" && part !== ".") parts.push(part);
    } else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? "." : parts.join("/");
}
