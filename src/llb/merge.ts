import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** What to lay over one another. */
export type MergeOptions = VertexOptions & Readonly<{ inputs: readonly Output[] }>;

/**
 * Filesystems laid over one another, of which the later win, without copying anything (BuildKit `client/llb/merge.go`).
 * Only for daemons that have `mergeop` enabled. One that has not may take the op all the same and make a single layer
 * of everything: it is always declared, so that such a daemon refuses.
 * @throws RangeError for fewer than two filesystems, of which there is nothing to merge.
 */
export function merge({ inputs, ...rest }: MergeOptions): Output {
  if (inputs.length < 2) throw new RangeError("a merge needs at least two filesystems");
  return outputOf({ kind: "merge", inputs, options: vertexOptions(rest) });
}
