import { normalizeName } from "../config/normalize-name.ts";
import { shorten } from "../util/mask.ts";
import type { LockEntry } from "./lock-entry.ts";

/** Names and versions are parts of the names of stages, steps and paths. */
const NAME = /^(?=.{1,128}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,127}$/;

/** Reports what is wrong with the name, the version or the wheels of a package. Its source is checked when it is read. */
export function checkEntry({ name, version, source }: LockEntry, problem: (message: string) => void): void {
  if (!NAME.test(name)) {
    problem(`${quoted(name)} is not a valid package name`);
    return;
  }
  if (version !== undefined && !VERSION.test(version)) problem(`${quoted(version)} is not a valid version`);
  if (source.kind === "files") {
    for (const { filename } of source.wheels) {
      if (normalizeName(filename.split("-", 1)[0] ?? "") !== name)
        problem(`${quoted(filename)} is not a wheel of ${name}`);
    }
  }
}

/** The beginning of a text, in quotes. */
function quoted(text: string): string {
  return JSON.stringify(shorten(text));
}
