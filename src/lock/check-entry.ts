import { normalizeName } from "../config/normalize-name.ts";
import type { LockEntry } from "./lock-entry.ts";

/** Names and versions are parts of the names of stages, steps and paths. */
const NAME = /^(?=.{1,128}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,127}$/;

/** Tells what is wrong with a package besides its source, which is checked when it is read. */
export function checkEntry({ name, version, source }: LockEntry, problem: (message: string) => void): void {
  if (!NAME.test(name)) {
    problem(`${quoted(name)} is no name of a package`);
    return;
  }
  if (version !== undefined && !VERSION.test(version)) problem(`${quoted(version)} is no version`);
  if (source.kind === "files") {
    for (const { filename } of source.wheels) {
      if (normalizeName(filename.split("-", 1)[0] ?? "") !== name)
        problem(`${quoted(filename)} is no wheel of ${name}, but of another project`);
    }
  }
}

/** A path that a lock names, relative to the lock, as a path of the build context; undefined if it leads out of it. */
export function contextPath(path: string, lock: string): string | undefined {
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

/** As much as tells what is meant. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
