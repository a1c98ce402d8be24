import type { ContextReader } from "../facts/context-reader.ts";
import { IGNORE_FILE } from "../facts/ignore-file.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { Reference } from "../gateway/reference.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import type { FileTree } from "./main-context.ts";

/** Reads files of a build context. Of a client's directory the likely ones are fetched together, others one by one. */
export function contextFiles(client: GatewayClient, tree: FileTree, likely: readonly string[]): ContextReader {
  if (tree.kind === "graph") {
    const reference = client.solve({ definition: marshal(tree.root) });
    return { readText: async (path) => (await reference).readText(path) };
  }
  const transfer = (paths: readonly string[]): Promise<Reference> =>
    client.solve({
      definition: marshal(
        local({
          local: tree.local,
          sessionId: tree.sessionId,
          followPaths: paths,
          sharedKeyHint: `${tree.local}-${IGNORE_FILE}`,
          differ: "none",
          name: `[internal] load ${paths.length > 1 ? "the neighbours of the build file" : paths[0]}`,
        }),
      ),
    });
  const neighbours = transfer(likely);
  return {
    readText: async (path) => {
      if (!likely.includes(path)) return (await transfer([path])).readText(path);
      const reference = await neighbours;
      // Most of them are not there: one call tells which are.
      return (await hasFile(reference, path)) ? reference.readText(path) : undefined;
    },
  };
}

async function hasFile(reference: Reference, path: string): Promise<boolean> {
  const parts = path.split("/");
  const name = parts.pop();
  return (await reference.list(parts.join("/"))).some((entry) => entry.name === name);
}
