import type { Duplex, Readable } from "node:stream";
import { EngineError } from "./engine-error.ts";

/**
 * Sends something into a container's stdin and closes that at its end. When a source breaks, `output` breaks too.
 * Returns how to let go of the source.
 */
export function feedStdin(
  stdin: Readable | string | Uint8Array,
  { input, output }: Readonly<{ input: Duplex; output: Duplex }>,
): () => void {
  if (typeof stdin === "string" || stdin instanceof Uint8Array) {
    input.end(stdin);
    return () => {};
  }
  const fail = (error: Error): void => {
    output.destroy(new EngineError("failed", `reading what goes to stdin: ${error.message}`, { cause: error }));
  };
  if (stdin.errored) fail(stdin.errored);
  else if (stdin.destroyed) input.end();
  stdin.on("error", fail).pipe(input);
  return () => {
    stdin.unpipe(input).off("error", fail);
  };
}
