import type { Writer } from "protobufjs/minimal.js";

/** Any generated message class, seen as the pair of functions that we use of it. */
export type Codec<Properties, Message> = Readonly<{
  encode(message: Properties, writer?: Writer): Writer;
  decode(bytes: Uint8Array): Message;
}>;

/**
 * The bytes of a message: ascending field numbers, map entries in byte order of their keys, no zero values. That is the
 * canonical form but for messages with a `oneof` among other fields, of which we send one: see `llb/encode-op.ts`.
 */
export function encode<Properties, Message>(codec: Codec<Properties, Message>, message: Properties): Uint8Array {
  return codec.encode(message).finish();
}
