import { isTooLong } from "../config/path-limit.ts";
import { pathMatcher } from "./path-matcher.ts";
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
   * of a pattern may have wildcards as in an ignore file. `**` and a slash before it stand for any number of directories;
   * links to directories are not followed there. What `unseen` matches
   * (patterns of an ignore file) is not transferred for it, and directories are not looked into for a pattern with `**`.
   */
  find(patterns: readonly string[], unseen?: readonly string[]): Promise<ReadonlyMap<string, PathKind>>;
}

/** An entry of a directory, as whoever lists it knows it. */
export type ListedEntry = Readonly<{ name: string; kind: PathKind | "symlink" | "other" }>;

type Found = Readonly<{ path: string; kind: ListedEntry["kind"] }>;

/** What a reader offers that can list a directory. `follow` tells where a link ends. */
export type Listing = Readonly<{
  list: (directory: string) => Promise<readonly ListedEntry[]>;
  follow: (path: string) => Promise<PathKind | undefined>;
}>;

/** Whether a pattern stands for paths in any number of directories. */
export function isDeep(pattern: string): boolean {
  return /(?:^|\/)\*\*\//.test(pattern);
}

/** {@link ContextReader.find} for readers that can list a directory. */
export async function findByListing(
  patterns: readonly string[],
  unseen: readonly string[],
  { list, follow }: Listing,
): Promise<ReadonlyMap<string, PathKind>> {
  const matchers = patterns.map(patternTest);
  const isUnseen = pathMatcher(unseen);
  const listed = async (directory: string): Promise<readonly Found[]> =>
    (await list(directory)).map(({ name, kind }) => ({ path: directory === "" ? name : `${directory}/${name}`, kind }));
  const walked = async (directory: string): Promise<readonly Found[]> => {
    const here = await listed(directory);
    const below = here.filter(
      ({ path, kind }) => kind === "directory" && !isTooLong(path) && isUnseen(path) === undefined,
    );
    return [...here, ...(await Promise.all(below.map(({ path }) => walked(path)))).flat()];
  };
  const roots = new Set(patterns.filter(isDeep).map((pattern) => directoryOf(pattern.slice(0, pattern.indexOf("**")))));
  const directories = new Set(patterns.filter((pattern) => !isDeep(pattern)).map(directoryOf));
  const found = await Promise.all([...[...roots].map(walked), ...[...directories].map(listed)]);
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
