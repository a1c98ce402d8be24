import { definitionMessage, toDefinition } from "../llb/definition.ts";
import type { gateway } from "../pb/generated.js";
import { type Capabilities, readCapabilities } from "./capabilities.ts";
import type { GatewayClient, SolveRequest, Warning } from "./gateway-client.ts";
import { GatewayError } from "./gateway-error.ts";
import { createImageLookup, type ImageLookupOptions } from "./image-lookup.ts";
import { createLimit } from "./limit.ts";
import { createReference } from "./reference.ts";
import { createReturner } from "./return-result.ts";
import { type Rpc, rpcOver } from "./rpc.ts";
import { STATUS_CODE } from "./status.ts";
import { MAX_MESSAGE_BYTES, type Transport } from "./transport.ts";

/** Old daemons fail at random when one filesystem is read many times at once (their `flightcontrol`). */
const PARALLEL_READS = 4;

/** A client over a transport. It asks at once what the daemon can do. */
export function connectGateway(transport: Transport, options: ImageLookupOptions = {}): GatewayClient {
  const rpc = rpcOver(transport, async () => requestLimit(await caps));
  const caps = rpc("Ping", {}).then(readCapabilities);
  // Whoever needs the answer will see the failure; nobody has to.
  caps.catch(() => {});
  const limit = createLimit(PARALLEL_READS);
  const read: Rpc = (method, request) => limit(() => rpc(method, request));

  return {
    caps,
    ...createReturner(rpc, () => caps),
    resolveImage: createImageLookup(rpc, () => caps, options),
    async solve(request) {
      return createReference(refId(await rpc("Solve", solveMessage(request))), read);
    },
    async inputs() {
      if (!(await caps).api.has("frontend.inputs")) return new Map();
      const { definitions } = await rpc("Inputs", {});
      return new Map(Object.entries(definitions).map(([name, definition]) => [name, toDefinition(definition)]));
    },
    async warn(warning) {
      try {
        if ((await caps).api.has("gateway.warnings")) await rpc("Warn", warnMessage(warning));
      } catch {}
    },
    close: () => transport.close(),
  };
}

/** Both sides took 4 MiB before 0.14, of which an op that came with 0.14 tells. */
function requestLimit({ llb }: Capabilities): number {
  return llb.has("file.copy.alwaysreplaceexistingdestpaths") ? MAX_MESSAGE_BYTES : 4 << 20;
}

function solveMessage({
  definition,
  evaluate = false,
  cacheImports = [],
}: SolveRequest): gateway.SolveRequest.$Properties {
  return {
    definition: definitionMessage(definition),
    evaluate,
    cacheImports: cacheImports.map(({ type, attrs }) => ({ type, attrs: { ...attrs } })),
    // Without these the daemon answers in the forms of its ancestors (`frontend/gateway/gateway.go`, `Solve`).
    allowResultReturn: true,
    allowResultArrayRef: true,
  };
}

/** The one filesystem of an answer, in whichever of its four forms it came. */
function refId({ ref, result }: gateway.SolveResponse.$Properties): string {
  if (!result) return ref ?? "";
  if (result.ref) return result.ref.id ?? "";
  if (!result.refs && !result.refsDeprecated) return result.refDeprecated ?? "";
  throw new GatewayError({ code: STATUS_CODE.unknown, message: "the solve gave more than one result", details: [] });
}

function warnMessage({
  digest,
  short,
  detail = [],
  url = "",
  origin,
  level = 1,
}: Warning): gateway.WarnRequest.$Properties {
  const utf8 = new TextEncoder();
  return {
    digest,
    level,
    short: utf8.encode(short),
    detail: detail.map((line) => utf8.encode(line)),
    url,
    ...(origin && {
      info: {
        filename: origin.file.filename,
        data: utf8.encode(origin.file.text),
        language: origin.file.language ?? "",
      },
      ranges: [...origin.ranges],
    }),
  };
}
