import type { ContextReader } from "../facts/context-reader.ts";
import { IGNORE_FILE } from "../facts/ignore-file.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { Reference } from "../gateway/reference.ts";
import { local } from "../llb/local.ts";
import { marshal } from "../llb/marshal.ts";
import type { FileTree } from "./main-context.ts";

/** The files of a context that are likely to be read: one that is nearly always there, and its neighbours. */
export type LikelyFiles = Readonly<{ first: string; others: readonly string[] }>;

/** Reads files of a build context. Of a client's directory the likely ones are fetched together, others one by one. */
export function contextFiles(client: GatewayClient, tree: FileTree, { first, others }: LikelyFiles): ContextReader {
  if (tree.kind === "graph") {
    const reference = client.solve({ definition: marshal(tree.root) });
    return {
      readText: async (path) => (await reference).readText(path),
      readBytes: async (path) => (await reference).readBytes(path),
      kindOf: async (path) => kindIn(await reference, path),
    };
  }
  const transfer = (paths: readonly string[], excludePatterns: readonly string[] = []): Promise<Reference> =>
    client.solve({
      definition: marshal(
        local({
          local: tree.local,
          sessionId: tree.sessionId,
          followPaths: paths,
          excludePatterns,
          sharedKeyHint: `${tree.local}-${IGNORE_FILE}`,
          differ: "none",
          name: `[internal] load ${paths.length > 1 ? "the neighbours of the build file" : paths[0]}`,
        }),
      ),
    });
  const likely = [first, ...others];
  const patterns = likely.map(nameMatcher);
  const isLikely = (path: string): boolean => patterns.some((pattern) => pattern.test(path));
  const neighbours = transfer(likely);
  // Asked for while the first is read. Whoever needs the answer will see the failure.
  neighbours.then((reference) => reference.list("")).catch(() => {});
  const find = async (path: string): Promise<Reference | undefined> => {
    if (!isLikely(path)) return transfer([path]);
    const reference = await neighbours;
    // Most of them are not there: one call tells which are.
    return path === first || (await hasFile(reference, path)) ? reference : undefined;
  };
  return {
    readText: async (path) => (await find(path))?.readText(path),
    readBytes: async (path) => (await find(path))?.readBytes(path),
    kindOf: async (path) => {
      if (isLikely(path)) return (await hasFile(await neighbours, path)) ? "file" : undefined;
      // What is in a directory is not asked for.
      return kindIn(await transfer([path], [`${path}/*`]), path);
    },
  };
}

async function kindIn(reference: Reference, path: string): Promise<"file" | "directory" | undefined> {
  const kind = (await reference.stat(path))?.kind;
  return kind === "file" || kind === "directory" ? kind : undefined;
}

function nameMatcher(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
}

async function hasFile(reference: Reference, path: string): Promise<boolean> {
  const parts = path.split("/");
  const name = parts.pop();
  return (await reference.list(parts.join("/"))).some((entry) => entry.name === name);
}
