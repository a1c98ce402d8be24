import type { Writable } from "node:stream";
import { EngineError } from "./engine-error.ts";
import { type Frame, readFrames } from "./read-frames.ts";

/** Where the output of a container goes. Neither is ended. */
export type Sinks = Readonly<Record<Frame["stream"], Writable>>;

/**
 * Writes the engine's multiplexed stream to stdout and stderr, no faster than they take it.
 * @throws EngineError `failed` when one of them cannot be written to, and what `readFrames` throws.
 */
export async function writeFrames(source: AsyncIterable<Uint8Array>, sinks: Sinks): Promise<void> {
  const outlets = [...new Set([sinks.stdout, sinks.stderr])];
  // A failed write is reported by its callback; the event that goes with it must not end the process.
  for (const outlet of outlets) outlet.on("error", ignore);
  try {
    for await (const { stream, bytes } of readFrames(source)) await write(sinks[stream], bytes);
  } finally {
    for (const outlet of outlets) outlet.off("error", ignore);
  }
}

function write(sink: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sink.write(bytes, (error) => {
      if (!error) resolve();
      else reject(new EngineError("failed", `writing the container's output: ${error.message}`, { cause: error }));
    });
  });
}

function ignore(): void {}
