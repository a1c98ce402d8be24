/**
 * `npm run code-cache [ROOT]`, after `npm run build`: runs the bundled frontend once against a fake daemon and keeps the
 * code that V8 compiled for it, so that the next process starts with it. Made after a run, the cache holds the functions
 * that a build really calls.
 *
 * Without ROOT it is for the Node.js of this machine and goes into `dist/`. With ROOT, the root file system of an image,
 * it is made by that image's Node and goes in there; if this machine cannot run it, there is none.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { warmRun } from "./warm-run.ts";

const RECORDER = "dist/record-code-cache.cjs";

const [root] = process.argv.slice(2);
if (root === undefined) await warmRun([process.execPath, RECORDER, resolve("dist/frontend/bundle.cjs")]);
else await warmIn(root);

/** In the image as it will be: only the recorder is put into it for a moment. */
async function warmIn(directory: string): Promise<void> {
  const node = ["chroot", directory, "/usr/local/bin/node"];
  if (spawnSync("chroot", [...node.slice(1), "--version"]).status !== 0) {
    console.warn("no code cache: this machine does not run the image's Node");
    return;
  }
  const recorder = join(directory, "record-code-cache.cjs");
  copyFileSync(RECORDER, recorder);
  try {
    await warmRun([...node, "/record-code-cache.cjs", "/microb/bundle.cjs"]);
  } finally {
    rmSync(recorder);
  }
}
