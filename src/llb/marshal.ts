import type { llb } from "../pb/generated.js";
import type { Definition } from "./definition.ts";
import { digestOf } from "./digest.ts";
import { encodeOp } from "./encode-op.ts";
import { type Inputs, inputOutputs, marshalOp } from "./marshal-op.ts";
import { mergeMetadata, opMetadata, terminalMetadata } from "./op-metadata.ts";
import { createSourceMap } from "./source-map.ts";
import type { Output, Vertex } from "./vertex.ts";

/**
 * The graph that leads to an output, as BuildKit takes it (`client/llb/state.go`, `Marshal`): every op once, after the
 * ops that it uses, and an op without a kind at the end that points at the result. The same graph gives the same bytes.
 */
export function marshal(output: Output): Definition {
  const def: Uint8Array[] = [];
  const metadata: Record<string, llb.OpMetadata.$Properties> = {};
  const sourceMap = createSourceMap();
  const digests = new Map<Vertex, string>();

  function add(bytes: Uint8Array, extra: llb.OpMetadata.$Properties): string {
    const digest = digestOf(bytes);
    const known = metadata[digest];
    if (known === undefined) def.push(bytes);
    metadata[digest] = known === undefined ? extra : mergeMetadata(known, extra);
    return digest;
  }

  function visit(vertex: Vertex): string {
    const done = digests.get(vertex);
    if (done !== undefined) return done;
    const digest = vertex.kind === "embedded" ? addEmbedded(vertex.definition, vertex.digest) : addOwn(vertex);
    digests.set(vertex, digest);
    return digest;
  }

  function addOwn(vertex: Exclude<Vertex, { kind: "embedded" }>): string {
    const inputs: Inputs = new Map(inputOutputs(vertex).map((input) => [input, visit(input.vertex)]));
    const digest = add(encodeOp(marshalOp(vertex, inputs)), opMetadata(vertex));
    sourceMap.add(digest, vertex.options.origin ?? []);
    return digest;
  }

  function addEmbedded(definition: Definition, head: string): string {
    for (const bytes of definition.def.slice(0, -1)) add(bytes, definition.metadata[digestOf(bytes)] ?? {});
    sourceMap.addEncoded(definition.source);
    return head;
  }

  const terminal = encodeOp({ inputs: [{ digest: visit(output.vertex), index: output.index }] });
  add(terminal, terminalMetadata(Object.values(metadata)));
  const source = sourceMap.message();
  return { def, metadata, ...(source !== undefined && { source }) };
}
