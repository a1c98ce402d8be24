import type { SourceText } from "../diagnostic/source-text.ts";
import { parseLock } from "./parse-lock.ts";
import { packagesOf, tableOf, textOf } from "./raw-table.ts";

/** The URLs of the repositories that packages of a lock come from, as requirements have them: `git+ssh://…`. */
export function lockedRepositories(source: SourceText): readonly string[] {
  const table = parseLock(source);
  const urls = packagesOf(table).flatMap((raw) => {
    const url = textOf(tableOf(raw["source"])["git"]) ?? textOf(tableOf(raw["vcs"])["url"]) ?? textOf(raw["git"]);
    return url === undefined ? [] : [`git+${url.replace(/^git\+/, "").replace(/[?#].*$/s, "")}`];
  });
  return [...new Set(urls)].sort();
}
