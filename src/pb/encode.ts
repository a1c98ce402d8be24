import type { Writer } from "protobufjs/minimal.js";

/** Any generated message class, seen as the pair of functions that we use of it. */
export type Codec<Properties, Message> = Readonly<{
  encode(message: Properties, writer?: Writer): Writer;
  decode(bytes: Uint8Array): Message;
}>;

/**
 * The canonical bytes of a message: ascending field numbers, map entries in byte order of their keys, no zero values.
 * BuildKit 0.11 and later encodes every op again in that form and names it by the digest of the outcome
 * (`solver/llbsolver/vertex.go`), so other bytes would lose every reference to the digests computed here.
 */
export function encode<Properties, Message>(codec: Codec<Properties, Message>, message: Properties): Uint8Array {
  return codec.encode(message).finish();
}
