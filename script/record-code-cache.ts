/**
 * Runs a bundled frontend without a code cache and writes one when it ends well. Bundled for the Node of the image, in which
 * it runs once and is not left: see `code-cache.ts`.
 */
import { writeFileSync } from "node:fs";
import { cachePath, compileBundle } from "../src/bin/bundle-script.ts";

const [file = ""] = process.argv.slice(2);
const { script, run } = compileBundle(file, undefined);
process.on("exit", (code) => {
  if (code === 0) writeFileSync(cachePath(file), script.createCachedData());
});
run();
