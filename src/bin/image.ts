import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, compileBundle } from "./bundle-script.ts";

/** What the image starts: the bundled frontend, compiled from its code cache where that is possible. */
const file = join(__dirname, "bundle.cjs");
compileBundle(file, readCache()).run();

function readCache(): Buffer | undefined {
  try {
    return readFileSync(cachePath(file));
  } catch {
    return undefined;
  }
}
