import { encode } from "../pb/encode.ts";
import { llb } from "../pb/generated.js";

/**
 * The canonical bytes of an op: as Go's encoder writes them, with the field of a `oneof` after all others. The daemon
 * encodes ops again (`solver/llbsolver/vertex.go`) and knows them by the digest of that: other bytes would build the
 * same, but no error could find the lines of the build file that an op came from.
 */
export function encodeOp({ inputs, platform, constraints, ...kind }: llb.Op.$Properties): Uint8Array {
  const common = encode(llb.Op, { ...(inputs && { inputs }), ...(platform && { platform }) });
  // Concatenated, the encodings of two parts of a message are an encoding of the whole. An empty message of constraints
  // is what old clients write at the end; new daemons encode it again as they like it.
  const last = constraints ? encode(llb.Op, { constraints }) : new Uint8Array();
  return Buffer.concat([common, encode(llb.Op, kind), last]);
}
