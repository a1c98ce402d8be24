import { gitSource } from "./git-source.ts";
import type { EntrySource } from "./lock-entry.ts";
import type { LockQuestion } from "./lock-reading.ts";
import { type RawTable, tableOf, tablesOf, textOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";

/** Where a package of a `uv.lock` comes from; tells what cannot be used. */
export function uvSource(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const source = tableOf(raw["source"]);
  const path = textOf(source["editable"]) ?? textOf(source["directory"]) ?? textOf(source["path"]);
  if (source["virtual"] !== undefined) return { kind: "virtual" };
  if (path !== undefined) return { kind: "local", path };
  const git = textOf(source["git"]);
  if (git !== undefined) {
    const [, address, query, commit] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(git) ?? [];
    const subdirectory = new URLSearchParams(query ?? "").get("subdirectory") ?? undefined;
    return gitSource({ url: address, commit, subdirectory }, position, question);
  }
  if (source["subdirectory"] !== undefined) {
    question.problem("it is in a subdirectory of an archive, which microb does not build", {
      position,
      code: "lock.unsupported",
    });
  }
  // A direct URL has its one file among wheels or as sdist, with the URL in the source.
  const url = textOf(source["url"]);
  const withUrl = (file: RawTable): RawTable =>
    url !== undefined && file["url"] === undefined ? { ...file, url } : file;
  const sdist = raw["sdist"] === undefined ? undefined : withUrl(tableOf(raw["sdist"]));
  return readEntryFiles({ wheels: tablesOf(raw["wheels"]).map(withUrl), sdist }, position, question);
}
