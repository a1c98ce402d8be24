import type { Platform } from "../oci/platform.ts";
import type { llb } from "../pb/generated.js";
import { assertNever } from "../util/assert-never.ts";
import type { EmbeddedVertex } from "./embed.ts";
import { marshalExec, sortedMounts } from "./marshal-exec.ts";
import { marshalFile } from "./marshal-file.ts";
import { createOpInputs } from "./op-inputs.ts";
import type { Output, Vertex } from "./vertex.ts";

/** The digests of the ops that make the outputs which a vertex uses. */
export type Inputs = ReadonlyMap<Output, string>;

type OwnVertex = Exclude<Vertex, EmbeddedVertex>;

/** The outputs that a vertex uses, in the order in which the ops behind them are to be marshalled. */
export function inputOutputs(vertex: OwnVertex): readonly Output[] {
  switch (vertex.kind) {
    case "source":
      return [];
    case "exec":
      return sortedMounts(vertex).flatMap((mount) => (mount.kind !== "tmpfs" && mount.from ? [mount.from] : []));
    case "file":
      return [
        vertex.base,
        ...vertex.actions.map((action) => (action.kind === "copy" ? action.from : undefined)),
      ].filter((output) => output !== undefined);
    case "merge":
      return vertex.inputs;
    default:
      return assertNever(vertex);
  }
}

/**
 * The op of a vertex. Only what depends on the platform says one: image and exec ops. File ops and local sources are
 * shared by all platforms (BuildKit `client/llb/source.go`, `fileop.go`).
 */
export function marshalOp(vertex: OwnVertex, digests: Inputs): llb.Op.$Properties {
  switch (vertex.kind) {
    case "source": {
      const { identifier, attrs, platform, isLikeUpstream = false } = vertex;
      return {
        source: { identifier, attrs: { ...attrs } },
        ...(platform && { platform: platformMessage(platform) }),
        ...(isLikeUpstream && { constraints: {} }),
      };
    }
    case "exec": {
      const inputs = createOpInputs(digests);
      const op = marshalExec(vertex, inputs);
      return { inputs: inputs.list, exec: op, platform: platformMessage(vertex.platform) };
    }
    case "file": {
      const inputs = createOpInputs(digests);
      const op = marshalFile(vertex, inputs);
      return { inputs: inputs.list, file: op };
    }
    case "merge": {
      const inputs = createOpInputs(digests);
      const op = { inputs: vertex.inputs.map((output) => ({ input: inputs.indexOf(output) })) };
      return { inputs: inputs.list, merge: op };
    }
    default:
      return assertNever(vertex);
  }
}

function platformMessage({ os, architecture, variant = "" }: Platform): llb.Platform.$Properties {
  return { os, architecture, variant };
}
