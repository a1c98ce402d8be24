import type { gateway } from "../pb/generated.js";
import type { Capabilities } from "./capabilities.ts";
import type { Reference } from "./reference.ts";
import type { Rpc } from "./rpc.ts";
import type { Status } from "./status.ts";

/** The outcome of a build: one filesystem, or one for each platform by its id; and metadata by its key. */
export type BuildResult = Readonly<{
  refs: Pick<Reference, "id"> | ReadonlyMap<string, Pick<Reference, "id">>;
  metadata: Readonly<Record<string, string | Uint8Array>>;
}>;

/** Ends the conversation. The first one counts; a later one does nothing and says so with `false`. */
export interface Returner {
  /** @throws GatewayError when the daemon did not take the result; an error can still be returned then. */
  returnResult(result: BuildResult): Promise<boolean>;
  returnError(status: Status): Promise<boolean>;
}

/** A daemon takes exactly one Return, with a result or an error (BuildKit `frontend/gateway/gateway.go`, `Return`). */
export function createReturner(rpc: Rpc, caps: () => Promise<Capabilities>): Returner {
  let returned = false;

  async function send(request: () => Promise<gateway.ReturnRequest.$Properties>): Promise<boolean> {
    if (returned) return false;
    returned = true;
    try {
      await rpc("Return", await request());
      return true;
    } catch (error) {
      returned = false;
      throw error;
    }
  }

  return {
    returnResult: (result) =>
      send(async () => ({ result: resultMessage(result, (await caps()).api.has("proto.refarray")) })),
    returnError: ({ code, message, details }) =>
      send(async () => ({
        error: { code, message, details: details.map(({ typeUrl, value }) => ({ typeUrl, value })) },
      })),
  };
}

function resultMessage({ refs, metadata }: BuildResult, refArray: boolean): gateway.Result.$Properties {
  const bytes = Object.entries(metadata).map(([key, value]) => [key, toBytes(value)] as const);
  return { ...refsMessage(refs, refArray), metadata: Object.fromEntries(bytes) };
}

function refsMessage(refs: BuildResult["refs"], refArray: boolean): gateway.Result.$Properties {
  if (!(refs instanceof Map)) {
    const { id } = refs as Pick<Reference, "id">;
    return refArray ? { ref: { id } } : { refDeprecated: id };
  }
  const ids = [...refs].map(([platform, { id }]) => [platform, id] as const);
  if (!refArray) return { refsDeprecated: { refs: Object.fromEntries(ids) } };
  return { refs: { refs: Object.fromEntries(ids.map(([platform, id]) => [platform, { id }])) } };
}

function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}
