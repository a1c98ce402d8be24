import { EngineError } from "./engine-error.ts";

/** A piece of what a container wrote. */
export type Frame = Readonly<{ stream: "stdout" | "stderr"; bytes: Uint8Array }>;

const HEADER_LENGTH = 8;
const STREAMS = ["stdout", "stdout", "stderr"] as const;

/** The engine itself speaks in a frame of this kind when it cannot go on. */
const SYSTEM_ERROR = 3;

/**
 * Takes apart the one stream in which the engine sends stdout and stderr: a kind, three zeros, a length of four bytes,
 * and so many bytes. Bytes are handed on as they come, so a frame may arrive in pieces.
 * @throws EngineError `failed` for what is no such stream or an error of the engine's, `unreachable` when it is cut off.
 */
export async function* readFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, void> {
  let header = Buffer.alloc(0);
  let kind = 0;
  let left = 0;
  let systemError = "";
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (left === 0) {
        const part = chunk.subarray(at, at + HEADER_LENGTH - header.length);
        header = Buffer.concat([header, part]);
        at += part.length;
        if (header.length < HEADER_LENGTH) break;
        kind = checkKind(header);
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
        continue;
      }
      const bytes = chunk.subarray(at, at + left);
      at += bytes.length;
      left -= bytes.length;
      if (kind === SYSTEM_ERROR) systemError += Buffer.from(bytes).toString();
      else yield { stream: STREAMS[kind] ?? "stdout", bytes };
    }
  }
  if (systemError !== "") throw new EngineError("failed", systemError.trim());
  if (left > 0 || header.length > 0) throw new EngineError("unreachable", "the container's output was cut off");
}

function checkKind(header: Buffer): number {
  const kind = header.readUInt8(0);
  if (kind > SYSTEM_ERROR || header.readUIntBE(1, 3) !== 0) {
    throw new EngineError("failed", `the container's output is not a multiplexed stream: ${header.toString("hex")}`);
  }
  return kind;
}
