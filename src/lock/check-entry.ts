import { normalizeName } from "../config/normalize-name.ts";
import { contextPath } from "./context-path.ts";
import type { EntrySource, LockEntry } from "./lock-entry.ts";

/** Names and versions are parts of the names of stages, steps and paths. */
const NAME = /^(?=.{1,128}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.!+_-]{0,127}$/;

/** What git and pip take for an address, and nothing that ends it in a requirement (`name @ git+URL@COMMIT#…`). */
const ADDRESS = /^[^\s\p{Cc}#]{1,2048}$/u;

/** Tells what is wrong with a package besides its files, each of which is checked when it is read. */
export function checkEntry({ name, version, source }: LockEntry, problem: (message: string) => void): void {
  if (!NAME.test(name)) {
    problem(`${quoted(name)} is no name of a package`);
    return;
  }
  if (version !== undefined && !VERSION.test(version)) problem(`${quoted(version)} is no version`);
  if (source.kind === "git") checkRepository(source, problem);
  if (source.kind === "files") {
    for (const { filename } of source.wheels) {
      if (normalizeName(filename.split("-", 1)[0] ?? "") !== name)
        problem(`${quoted(filename)} is no wheel of ${name}, but of another project`);
    }
  }
}

function checkRepository(
  { url, commit, subdirectory = "" }: Extract<EntrySource, { kind: "git" }>,
  problem: (message: string) => void,
): void {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) problem("its git source names no commit");
  else if (!ADDRESS.test(url) || !/^(?:(?:https?|ssh|git):\/\/|[\w.]+@[\w.-]+:)(?!-)/.test(url))
    problem("its repository has no URL that a build can clone");
  if (subdirectory !== "" && contextPath(subdirectory, "") === undefined)
    problem(`its subdirectory ${quoted(subdirectory)} is not one of the repository`);
}

/** As much as tells what is meant. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
