import { encode } from "../pb/encode.ts";
import { gateway } from "../pb/generated.js";
import { GatewayError } from "./gateway-error.ts";
import { STATUS_CODE } from "./status.ts";
import type { Transport } from "./transport.ts";

/** The methods of the bridge that we use, with their messages (`proto/gateway/bridge.proto`). */
export const METHODS = Object.freeze({
  Ping: { request: gateway.PingRequest, response: gateway.PongResponse },
  Inputs: { request: gateway.InputsRequest, response: gateway.InputsResponse },
  Solve: { request: gateway.SolveRequest, response: gateway.SolveResponse },
  ReadFile: { request: gateway.ReadFileRequest, response: gateway.ReadFileResponse },
  ReadDir: { request: gateway.ReadDirRequest, response: gateway.ReadDirResponse },
  StatFile: { request: gateway.StatFileRequest, response: gateway.StatFileResponse },
  ResolveImageConfig: { request: gateway.ResolveImageConfigRequest, response: gateway.ResolveImageConfigResponse },
  ResolveSourceMeta: { request: gateway.ResolveSourceMetaRequest, response: gateway.ResolveSourceMetaResponse },
  Warn: { request: gateway.WarnRequest, response: gateway.WarnResponse },
  Return: { request: gateway.ReturnRequest, response: gateway.ReturnResponse },
});

/** The name of a method. */
export type Method = keyof typeof METHODS;

/** What a method is asked with. */
export type Request<M extends Method> = Parameters<(typeof METHODS)[M]["request"]["encode"]>[0];

/** What a method answers. */
export type Response<M extends Method> = ReturnType<(typeof METHODS)[M]["response"]["decode"]>;

/** A method of the bridge as a function over messages. */
export type Rpc = <M extends Method>(method: M, request: Request<M>) => Promise<Response<M>>;

/** A request up to this size is taken by every daemon (`frontend/gateway/gateway.go` before 0.14). */
const SAFE_REQUEST_BYTES = 4 << 20;

/**
 * Calls over a transport. A larger request than every daemon takes waits for `limit`, and one that is larger than
 * that fails here: sent, it could cost us the connection, and with it the chance to say what was wrong.
 */
export function rpcOver(transport: Transport, limit: () => Promise<number>): Rpc {
  return async <M extends Method>(method: M, request: Request<M>) => {
    const { request: encoder, response: decoder } = METHODS[method];
    const bytes = encode<Request<M>, unknown>(encoder as never, request);
    if (bytes.length > SAFE_REQUEST_BYTES) checkSize(method, bytes.length, await limit());
    return decoder.decode(await transport.unary(method, bytes)) as Response<M>;
  };
}

function checkSize(method: Method, size: number, limit: number): void {
  if (size <= limit) return;
  throw new GatewayError({
    code: STATUS_CODE.resourceExhausted,
    message: `the ${method} request takes ${size} bytes, but this BuildKit accepts no more than ${limit}`,
    details: [],
  });
}
