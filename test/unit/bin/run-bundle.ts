import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cachePath, compileBundle } from "../../../src/bin/bundle-script.ts";

// Runs a bundle with its code cache, if it has one, else makes the cache. A process of its own for each run: within
// one, V8 remembers what it compiled and looks at no cache.
const [file = ""] = process.argv.slice(2);
const cache = existsSync(cachePath(file)) ? readFileSync(cachePath(file)) : undefined;
const { script, run } = compileBundle(file, cache);
const fresh = script.createCachedData().length;
run();
const warm = script.createCachedData();
if (cache === undefined) writeFileSync(cachePath(file), warm);
const { ran } = globalThis as { ran?: unknown };
console.log(JSON.stringify({ rejected: script.cachedDataRejected, ran, fresh, warm: warm.length }));
