import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/** A root file system in a directory of this machine: links lead where they would in there. Paths have no trailing slash. */
export type RootTree = Readonly<{
  /** The path without links, or undefined where nothing is. */
  resolve(path: string): string | undefined;
  read(path: string): Buffer;
  list(path: string): readonly string[];
}>;

const MOST_LINKS = 40;

export function rootTree(directory: string): RootTree {
  function resolve(path: string, links = 0): string | undefined {
    if (links > MOST_LINKS) return undefined;
    let resolved = "/";
    const parts = path.split("/").filter((part) => part !== "");
    for (const [index, part] of parts.entries()) {
      const here = join(resolved, part);
      const stat = lstatSync(join(directory, here), { throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      if (stat.isSymbolicLink()) {
        const target = readlinkSync(join(directory, here));
        const rest = parts.slice(index + 1).join("/");
        return resolve(join("/", target.startsWith("/") ? "" : dirname(here), target, rest), links + 1);
      }
      resolved = here;
    }
    return existsSync(join(directory, resolved)) ? resolved : undefined;
  }
  const real = (path: string) => join(directory, resolve(path) ?? path);
  return {
    resolve: (path) => resolve(path),
    read: (path) => readFileSync(real(path)),
    list: (path) => (resolve(path) === undefined ? [] : readdirSync(real(path))),
  };
}
