import { parseToml } from "../config/parse-toml.ts";
import { isTable } from "../config/raw-value.ts";
import { readSources } from "../config/sources.ts";
import { sourceText } from "../diagnostic/source-text.ts";
import type { ContextReader } from "./context-reader.ts";
import { directoriesAbove, WORKSPACE_FILE } from "./neighbour-files.ts";
import { patternTest } from "./path-pattern.ts";
import type { ProjectLocation } from "./project-location.ts";

/** The root of the workspace of uv that a project is below. */
export type Workspace = Readonly<{
  /** Its build file. */
  filename: string;
  /** The dependencies of members that it says where to find, by normalized names. */
  sources: ReadonlySet<string>;
  /** Those that it says which index has, and the names of these. */
  indexes: ReadonlyMap<string, readonly string[]>;
}>;

/**
 * The nearest root of a workspace above a project that is a member of it: the sources of the root apply to all members (uv,
 * "Workspaces"). A file that is not TOML is skipped: it is not the file that is built.
 */
export async function findWorkspace(reader: ContextReader, location: ProjectLocation): Promise<Workspace | undefined> {
  const paths = directoriesAbove(location).map((path) => path + WORKSPACE_FILE);
  const texts = await Promise.all(paths.map((path) => reader.readText(path)));
  for (const [index, text = ""] of texts.entries()) {
    if (!/\buv\b/.test(text)) continue;
    const filename = paths[index] ?? "";
    const tool = toolOf(filename, text);
    const uv = isTable(tool) ? tool["uv"] : undefined;
    const root = filename.slice(0, -WORKSPACE_FILE.length);
    if (!isTable(uv) || !hasMember(uv["workspace"], location.directory.slice(root.length))) continue;
    const sources = [...readSources({ uv })];
    const elsewhere = sources.filter(([, list]) => list.some(({ place }) => place.kind !== "index"));
    const indexed = sources.map(
      ([name, list]) => [name, list.flatMap(({ place }) => (place.kind === "index" ? [place.index] : []))] as const,
    );
    return { filename, sources: new Set(elsewhere.map(([name]) => name)), indexes: new Map(indexed) };
  }
  return undefined;
}

/** Whether the patterns of the root match: `*` stands for a part of a name, `**` for directories. */
function hasMember(workspace: unknown, directory: string): boolean {
  const { members, exclude } = isTable(workspace) ? workspace : {};
  const matches = (patterns: unknown): boolean =>
    Array.isArray(patterns) &&
    patterns.some((one) => typeof one === "string" && patternTest(one.replace(/^\.\/|(?<!\/)\/+$/g, ""))(directory));
  return matches(members) && !matches(exclude);
}

function toolOf(filename: string, text: string): unknown {
  const source = sourceText(filename, text);
  try {
    return parseToml(source, source).table["tool"];
  } catch {
    return undefined;
  }
}
