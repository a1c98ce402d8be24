import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { Output } from "../llb/vertex.ts";
import { CONTEXT_LOCAL, type ContextOpts } from "./context-opts.ts";

/** Files that a build is made of: a directory of the client, or a filesystem of the build graph. */
export type FileTree = ClientTree | Readonly<{ kind: "graph"; root: Output }>;

/** A directory that the client offers under the name `local`. */
export type ClientTree = Readonly<{ kind: "client"; local: string; sessionId: string }>;

/** Where the build context is, and where the build file. They may be the same tree. */
export type MainContext = Readonly<{ context: FileTree; buildFile: FileTree }>;

/**
 * Finds out where the files are: in directories of the client, unless the build says something else.
 * @throws UserError for a URL that is not understood.
 */
export async function openMainContext(client: GatewayClient, opts: ContextOpts): Promise<MainContext> {
  const own = { context: clientTree(opts, CONTEXT_LOCAL), buildFile: clientTree(opts, opts.buildFileLocal) };
  if (opts.url === "" && !opts.mayHaveInputs) return own;
  const { openRemoteContext } = await import("./remote-context.ts");
  const { context, buildFile } = await openRemoteContext(client, opts);
  const tree: FileTree = context === undefined ? own.context : { kind: "graph", root: context };
  if (buildFile === undefined || opts.ownBuildFile) return { context: tree, buildFile: own.buildFile };
  return { context: tree, buildFile: buildFile === context ? tree : { kind: "graph", root: buildFile } };
}

function clientTree({ sessionOf }: ContextOpts, local: string): ClientTree {
  return { kind: "client", local, sessionId: sessionOf(local) };
}
