import { type ContextReader, findByListing, isDeep, type PathKind } from "../facts/context-reader.ts";
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
      find: async (patterns) => findIn(await reference, patterns),
    };
  }
  const transfer = (what: string, paths: readonly string[], excludePatterns: readonly string[] = []) =>
    client.solve({
      definition: marshal(
        local({
          local: tree.local,
          sessionId: tree.sessionId,
          // Clients follow no path through any number of directories.
          followPaths: paths.filter((path) => !isDeep(path)),
          includePatterns: paths.filter(isDeep),
          excludePatterns,
          sharedKeyHint: `${tree.local}-${IGNORE_FILE}`,
          differ: "none",
          name: `[internal] ${what}`,
        }),
      ),
    });
  const likely = [first, ...others];
  const patterns = likely.map(nameMatcher);
  const isLikely = (path: string): boolean => patterns.some((pattern) => pattern.test(path));
  const neighbours = transfer("load the neighbours of the build file", likely);
  // Asked for while the first is read. Whoever needs the answer will see the failure.
  neighbours.then((reference) => reference.list("")).catch(() => {});
  const find = async (path: string): Promise<Reference | undefined> => {
    if (!isLikely(path)) return transfer(`load ${path}`, [path]);
    const reference = await neighbours;
    // Most of them are not there: one call tells which are.
    return path === first || (await hasFile(reference, path)) ? reference : undefined;
  };
  return {
    readText: async (path) => (await find(path))?.readText(path),
    readBytes: async (path) => (await find(path))?.readBytes(path),
    find: async (asked, unseen = []) => {
      const near = asked.filter(isLikely);
      const far = asked.filter((path) => !isLikely(path));
      const away =
        far.length > 0 ? transfer("look which files are there", far, [...unseen, ...withoutContents(far)]) : undefined;
      const found = await Promise.all([
        near.length > 0 ? neighbours.then((reference) => findIn(reference, near)) : new Map(),
        away?.then((reference) => findIn(reference, far)) ?? new Map(),
      ]);
      return new Map(found.flatMap((one) => [...one]));
    },
  };
}

/** Patterns that leave of directories what is in them, but for what else is asked for. */
function withoutContents(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  return [...paths].sort().flatMap((path) => {
    const parts = path.split("/");
    const isInside = parts.some((_, depth) => depth > 0 && all.has(parts.slice(0, depth).join("/")));
    return [...(isInside ? [`!${path}`] : []), `${path}/*`];
  });
}

function findIn(reference: Reference, patterns: readonly string[]): Promise<ReadonlyMap<string, PathKind>> {
  return findByListing(patterns, [], {
    list: reference.list,
    follow: async (path) => {
      const kind = (await reference.stat(path))?.kind;
      return kind === "file" || kind === "directory" ? kind : undefined;
    },
  });
}

function nameMatcher(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
}

async function hasFile(reference: Reference, path: string): Promise<boolean> {
  const parts = path.split("/");
  const name = parts.pop();
  return (await reference.list(parts.join("/"))).some((entry) => entry.name === name);
}
