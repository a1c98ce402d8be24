/**
 * `tsx script/image-root.ts BASE ROOT`: the root file system of the frontend image, in a new directory, from that of an
 * image with Node and from `dist/`. Runs nothing of the base, so this machine may be another one than the image's.
 */
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ENTRY_PATH, entryProgram } from "./entry/entry-program.ts";
import { baseLicences } from "./image/base-licences.ts";
import { nodeFiles } from "./image/node-files.ts";
import { rootTree } from "./image/root-tree.ts";

const [base, root] = process.argv.slice(2);
if (base === undefined || root === undefined) throw new Error("usage: image-root.ts BASE ROOT");

const tree = rootTree(base);
const { architecture, files } = nodeFiles(tree);
const licences = baseLicences(tree, files);
for (const { path, bytes, executable } of [...files, ...licences]) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes, { mode: executable ? 0o755 : 0o644 });
}
cpSync("dist/frontend", join(root, "microb"), { recursive: true });
writeFileSync(join(root, ENTRY_PATH), entryProgram(architecture), { mode: 0o755 });
// A build is nobody's, and listens for itself in a directory of its own.
mkdirSync(join(root, "tmp"));
chmodSync(join(root, "tmp"), 0o1777);
const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(`Node for ${architecture}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
for (const { path } of files) console.log(`  ${path}`);
