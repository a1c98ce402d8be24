import { type Definition, resultInput } from "./definition.ts";
import { type Output, outputOf } from "./vertex.ts";

/** Ops that someone else marshalled. Their bytes, and so their digests, stay as they are. */
export type EmbeddedVertex = Readonly<{ kind: "embedded"; definition: Definition; digest: string }>;

/**
 * The result of a foreign definition (a frontend input) as something to build on.
 * @throws RangeError when it has no terminal op.
 */
export function embed(definition: Definition): Output {
  const { digest, index } = resultInput(definition);
  return outputOf({ kind: "embedded", definition, digest }, index);
}
