import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";

/** The bundle as compiled code, which runs when called. */
export type CompiledBundle = Readonly<{ script: Script; run: () => void }>;

/** Where the code cache of a bundle is kept. */
export function cachePath(file: string): string {
  return `${file}.v8`;
}

/**
 * Compiles a CommonJS bundle, with V8's cache of an earlier compilation if there is one. V8 ignores a cache that another
 * version of it made: the program starts slower then, and does the same.
 */
export function compileBundle(file: string, cachedData: Buffer | undefined): CompiledBundle {
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(file, "utf8")}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const run = (): void => {
    const module = { exports: {} };
    script.runInThisContext()(module.exports, createRequire(file), module, file, file.replace(/\/[^/]*$/, ""));
  };
  return { script, run };
}
