import { gitSource } from "./git-source.ts";
import type { EntrySource } from "./lock-entry.ts";
import type { LockQuestion } from "./lock-reading.ts";
import { type RawTable, tableOf, tablesOf, textOf } from "./raw-table.ts";
import { readEntryFiles } from "./read-entry-files.ts";
import { hashesOf } from "./read-file.ts";

/** Where a package of a `uv.lock` comes from. Reports what cannot be used. */
export function uvSource(raw: RawTable, position: number, question: LockQuestion): EntrySource {
  const source = tableOf(raw["source"]);
  const path = textOf(source["editable"]) ?? textOf(source["directory"]) ?? textOf(source["path"]);
  if (source["virtual"] !== undefined) return { kind: "virtual" };
  if (path !== undefined) return { kind: "local", path, ...localHash(raw) };
  if (typeof raw["source"] === "string") {
    question.problem("its source has the format of uv before 0.3, which microb does not read", {
      position,
      code: "lock.unsupported",
      help: "create the lock again: uv lock",
    });
  }
  const git = textOf(source["git"]);
  if (git !== undefined) {
    const [, address, query, commit] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(git) ?? [];
    const subdirectory = new URLSearchParams(query ?? "").get("subdirectory") ?? undefined;
    return gitSource({ url: address, commit, subdirectory }, position, question);
  }
  if (source["subdirectory"] !== undefined) {
    question.problem("it is in a subdirectory of an archive, which microb cannot build", {
      position,
      code: "lock.unsupported",
    });
  }
  // A direct URL has its one file among wheels or as sdist, with the URL in the source.
  const url = textOf(source["url"]);
  const withUrl = (file: RawTable): RawTable =>
    url !== undefined && file["url"] === undefined ? { ...file, url } : file;
  const sdist = raw["sdist"] === undefined ? undefined : withUrl(tableOf(raw["sdist"]));
  // Of an index that is a directory, `registry` is its path, and files have paths in it.
  const registry = textOf(source["registry"]);
  const directory = registry === undefined || /^[a-z][a-z0-9+.-]*:/i.test(registry) ? undefined : registry;
  const wheels = tablesOf(raw["wheels"]).map(withUrl);
  return readEntryFiles({ wheels, sdist, ...(directory !== undefined && { directory }) }, position, question);
}

/** The hash of the one file of a path. */
function localHash(raw: RawTable): Readonly<{ sha256?: string }> {
  const [wheel] = tablesOf(raw["wheels"]);
  const { sha256 } = hashesOf(wheel ?? tableOf(raw["sdist"]));
  return sha256 === undefined ? {} : { sha256 };
}
