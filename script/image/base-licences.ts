import { basename } from "node:path";
import type { ImageFile } from "./node-files.ts";
import type { RootTree } from "./root-tree.ts";

const NODE_LICENCES = ["/usr/local/LICENSE", "/usr/local/share/doc/node/LICENSE"];
const PACKAGES = "/var/lib/dpkg/info";

/** The licence texts of files taken from a base image, as far as it has them: Node's own, and Debian packages' ones. */
export function baseLicences(base: RootTree, files: readonly ImageFile[]): readonly ImageFile[] {
  const texts = new Map<string, string>();
  const node = NODE_LICENCES.find((path) => base.resolve(path) !== undefined);
  if (node !== undefined) texts.set("node", node);
  const taken = new Set(files.map(({ from }) => base.resolve(from) ?? from));
  const names = new Set([...taken].map((path) => basename(path)));
  const isTaken = (path: string) => names.has(basename(path)) && taken.has(base.resolve(path) ?? path);
  for (const list of base.list(PACKAGES).filter((name) => name.endsWith(".list"))) {
    const owned = base.read(`${PACKAGES}/${list}`).toString("utf8").split("\n");
    if (!owned.some(isTaken)) continue;
    const name = list.replace(/(:\w+)?\.list$/, "");
    const text = `/usr/share/doc/${name}/copyright`;
    if (base.resolve(text) !== undefined) texts.set(name, text);
  }
  return [...texts].sort().map(([name, from]) => ({
    path: `/licenses/${name}`,
    from,
    bytes: base.read(from),
    executable: false,
  }));
}
