import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { localReader } from "../src/facts/local-reader.ts";
import { build } from "../src/frontend/build.ts";
import { readBuildOpts } from "../src/frontend/build-opts.ts";
import { readContextOpts } from "../src/frontend/context-opts.ts";
import { readInputs } from "../src/frontend/inputs.ts";
import { readCapabilities } from "../src/gateway/capabilities.ts";
import type { GatewayClient } from "../src/gateway/gateway-client.ts";
import type { Reference } from "../src/gateway/reference.ts";
import { type Definition, definitionMessage } from "../src/llb/definition.ts";
import { digestOf } from "../src/llb/digest.ts";
import type { ImageResolver } from "../src/oci/image-resolver.ts";
import type { Platform } from "../src/oci/platform.ts";
import { encode } from "../src/pb/encode.ts";
import { gateway } from "../src/pb/generated.js";
import { RECENT_LLB_CAPS } from "../test/support/capability-lists.ts";

/**
 * What the no-op frontend sends: messages as strings of one character per byte, with placeholders for the names that
 * only the daemon knows. Those names always have the same length, so no position changes when they are put in.
 */
export type BakedGraph = Readonly<{
  solve: string;
  /** Where each op is in `solve`, and its digest there, by which later ops refer to it. */
  ops: readonly Readonly<{ start: number; end: number; digest: string }>[];
  returned: string;
  session: string;
  reference: string;
}>;

/** Names of sessions and references have 25 characters (BuildKit `identity/randomid.go`). */
const SESSION = "placeholder-for-a-session";
const REFERENCE = "placeholder-for-reference";

/** What is built: the directory of a project, for a platform, with the base images that the resolver finds. */
export type Subject = Readonly<{ directory: string; platform: Platform; resolver: ImageResolver }>;

/** Runs a build of ours without a daemon, and keeps what it would have been sent at the end. */
export async function bakeGraph({ directory, platform, resolver }: Subject): Promise<BakedGraph> {
  const solved: Definition[] = [];
  const client = offlineClient(directory, resolver, (definition) => solved.push(definition));
  const opts = readBuildOpts(new Map(), platform);
  const files = readContextOpts(new Map([["cmdline", ""]]), SESSION, opts.filename);
  const { metadata } = await build(client, opts, await readInputs(client, files), files);
  const definition = solved.at(-1);
  if (definition === undefined) throw new Error("the build solved nothing");
  const solve = Buffer.from(
    encode(gateway.SolveRequest, {
      definition: definitionMessage(definition),
      allowResultReturn: true,
      allowResultArrayRef: true,
    }),
  );
  const ops = definition.def.map((op) => {
    const start = solve.indexOf(op);
    return { start, end: start + op.length, digest: digestOf(op) };
  });
  const bytes = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value)] as const);
  const result = { ref: { id: REFERENCE }, metadata: Object.fromEntries(bytes) };
  const returned = Buffer.from(encode(gateway.ReturnRequest, { result }));
  return {
    solve: solve.toString("latin1"),
    ops,
    returned: returned.toString("latin1"),
    session: SESSION,
    reference: REFERENCE,
  };
}

function offlineClient(
  directory: string,
  { resolveImage }: ImageResolver,
  record: (definition: Definition) => void,
): GatewayClient {
  const reference: Reference = {
    id: "",
    ...localReader(directory),
    readBytes: unused,
    readStart: unused,
    list: async (path) => (await readdir(join(directory, path))).map((name) => ({ name, kind: "file" })),
    stat: unused,
  };
  return {
    caps: Promise.resolve(readCapabilities({ llbCaps: RECENT_LLB_CAPS.map((id) => ({ id, enabled: true })) })),
    resolveImage,
    async solve({ definition }) {
      record(definition);
      return reference;
    },
    returnResult: unused,
    returnError: unused,
    inputs: unused,
    warn: unused,
    close() {},
  };
}

function unused(): Promise<never> {
  return Promise.reject(new Error("this build was not expected to need that"));
}
