import { createHash } from "node:crypto";

/** The name of an op: `sha256:` and the hash of its bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
