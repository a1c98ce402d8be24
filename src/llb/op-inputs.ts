import type { llb } from "../pb/generated.js";
import type { Output } from "./vertex.ts";

/** The index that stands for an empty filesystem, and for an output that nobody can use (`solver/pb/const.go`). */
export const NONE: number = -1;

/** The list of an op's inputs in the making: each output of each op once, in the order of the first question. */
export interface OpInputs {
  readonly list: llb.Input.$Properties[];
  /** The index of an output among the inputs; {@link NONE} for no output. */
  indexOf(output: Output | undefined): number;
}

/** An empty list. `digests` knows the op behind every output that will be asked for. */
export function createOpInputs(digests: ReadonlyMap<Output, string>): OpInputs {
  const list: llb.Input.$Properties[] = [];
  return {
    list,
    indexOf(output) {
      if (output === undefined) return NONE;
      const digest = digests.get(output);
      if (digest === undefined) throw new TypeError("an op input was not marshalled before the op");
      const known = list.findIndex((input) => input.digest === digest && input.index === output.index);
      return known === NONE ? list.push({ digest, index: output.index }) - 1 : known;
    },
  };
}
