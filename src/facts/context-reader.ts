import { patternTest } from "./path-pattern.ts";

/** What is at a path of a context. */
export type PathKind = "file" | "directory";

/** Reads files of a build context: a BuildKit reference, a directory, or a map in tests. Paths are relative to its root. */
export interface ContextReader {
  /** The text of a file, or undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** The bytes of a file whose encoding is unknown, or undefined when there is no such file. */
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /**
   * What is at the paths that these patterns match, found together. Links are followed, and nothing is read. The last part
   * of a pattern may have wildcards as in an ignore file. If finding files needs a transfer, those that `unseen` matches
   * (the patterns of an ignore file) are not transferred.
   */
  find(patterns: readonly string[], unseen?: readonly string[]): Promise<ReadonlyMap<string, PathKind>>;
}

/** An entry of a directory, as whoever lists it knows it. */
export type ListedEntry = Readonly<{ name: string; kind: PathKind | "symlink" | "other" }>;

/** {@link ContextReader.find} for readers that can list a directory: each is listed once, and `follow` tells where a link ends. */
export async function findByListing(
  patterns: readonly string[],
  list: (directory: string) => Promise<readonly ListedEntry[]>,
  follow: (path: string) => Promise<PathKind | undefined>,
): Promise<ReadonlyMap<string, PathKind>> {
  const directories = [...new Set(patterns.map(directoryOf))];
  const matchers = patterns.map(patternTest);
  const found = await Promise.all(
    directories.map(async (directory) =>
      (await list(directory)).map((entry) => ({
        path: directory === "" ? entry.name : `${directory}/${entry.name}`,
        kind: entry.kind,
      })),
    ),
  );
  const kinds = await Promise.all(
    found
      .flat()
      .filter(({ path }) => matchers.some((isMeant) => isMeant(path)))
      .map(async ({ path, kind }) => [path, kind === "symlink" ? await follow(path) : kind] as const),
  );
  const root = patterns.includes(".") ? [[".", "directory"] as const] : [];
  return new Map([...root, ...kinds.flatMap(([path, kind]) => (isKind(kind) ? [[path, kind] as const] : []))]);
}

function isKind(kind: ListedEntry["kind"] | undefined): kind is PathKind {
  return kind === "file" || kind === "directory";
}

function directoryOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}
