import { encode } from "../pb/encode.ts";
import { llb } from "../pb/generated.js";
import { fromInt64 } from "../pb/int64.ts";

/** A marshalled graph: ops in their order with the terminal one last, and what belongs to each op by its digest. */
export type Definition = Readonly<{
  def: readonly Uint8Array[];
  metadata: Readonly<Record<string, llb.OpMetadata.$Properties>>;
  source?: llb.Source.$Properties;
}>;

/** The message that requests carry. */
export function definitionMessage({ def, metadata, source }: Definition): llb.Definition.$Properties {
  return { def: [...def], metadata: { ...metadata }, ...(source !== undefined && { source }) };
}

/** The bytes that `buildctl build` reads on its standard input. */
export function encodeDefinition(definition: Definition): Uint8Array {
  return encode(llb.Definition, definitionMessage(definition));
}

/** A definition from a message that the daemon sent. */
export function toDefinition({ def, metadata, source }: llb.Definition.$Properties): Definition {
  return { def: def ?? [], metadata: metadata ?? {}, ...(source && { source }) };
}

/**
 * The op input that the terminal op points at: which output of which op is the result.
 * @throws RangeError when the definition has no terminal op.
 */
export function resultInput(definition: Definition): Readonly<{ digest: string; index: number }> {
  const last = definition.def.at(-1);
  const input = last && llb.Op.decode(last).inputs[0];
  if (!input) throw new RangeError("a definition needs a terminal op");
  return { digest: input.digest, index: Number(fromInt64(input.index)) };
}

/** The digest of the op that makes the result: what a warning is attached to. Throws like {@link resultInput}. */
export function definitionHead(definition: Definition): string {
  return resultInput(definition).digest;
}
