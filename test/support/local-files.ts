import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Fields } from "./buildkit-messages.ts";

/** What a daemon asks for of a directory. */
export type Selection = Readonly<{ excludes: readonly string[]; only: readonly string[] }>;

/** Bits of Go's `os.FileMode`. */
const DIRECTORY = 2 ** 31;
const LINK = 2 ** 27;

/** Files, folders and links of a directory in the order in which they are sent: each folder before what is in it. */
export function listFiles(directory: string, selection: Selection): readonly Fields[] {
  const excluded = selection.excludes.map(pattern);
  const walk = (folder: string): readonly Fields[] =>
    readdirSync(join(directory, folder))
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .flatMap((name) => {
        const path = folder === "" ? name : `${folder}/${name}`;
        if (excluded.some((one) => one.test(path)) || !isAskedFor(path, selection.only)) return [];
        const stat = lstatSync(join(directory, path), { bigint: true });
        const about = { path, modTime: String(stat.mtimeNs) };
        const mode = Number(stat.mode & 0o777n);
        if (stat.isDirectory()) return [{ ...about, mode: DIRECTORY + mode }, ...walk(path)];
        if (stat.isSymbolicLink()) {
          return [{ ...about, mode: LINK + mode, linkname: readlinkSync(join(directory, path)) }];
        }
        return [{ ...about, mode, size: String(stat.size) }];
      });
  return walk("");
}

export function isFile({ mode }: Fields): boolean {
  return Number(mode) < LINK;
}

/** A folder is asked for with what is in it. */
function isAskedFor(path: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((one) => `${one}/`.startsWith(`${path}/`) || path.startsWith(`${one}/`));
}

/** Patterns of ignore files without their rarer forms. */
function pattern(text: string): RegExp {
  const source = text
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*\*\/|\*|\?/g, (wildcard) => (wildcard === "**/" ? "(?:.*/)?" : wildcard === "*" ? "[^/]*" : "[^/]"));
  return new RegExp(`^${source}(?:/|$)`);
}
