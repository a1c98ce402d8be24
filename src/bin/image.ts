import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cachePath, compileBundle } from "./bundle-script.ts";
import { IS_OPEN } from "./is-open.ts";

/**
 * What the image's entry program starts (`script/entry/`). BuildKit gives no arguments and names its session: then it is
 * the bundled frontend, compiled from its code cache where that is possible. Anybody else (`docker run microb/microb -dockerfile`) gets the command line, a
 * bundle of its own, of which a build loads nothing.
 */
const file = join(__dirname, "bundle.cjs");
const isBuild = process.argv.length <= 2 || process.argv[2] === IS_OPEN;
if (isBuild && "BUILDKIT_SESSION_ID" in process.env) compileBundle(file, readCache()).run();
else createRequire(file)("./cli.cjs");

function readCache(): Buffer | undefined {
  try {
    return readFileSync(cachePath(file));
  } catch {
    return undefined;
  }
}
