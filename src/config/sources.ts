import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { normalizeName } from "./normalize-name.ts";
import { gitReference, poetryRequirement } from "./poetry.ts";
import { isTable, type RawTable, textOf } from "./raw-value.ts";
import { parseRequirement } from "./requirement.ts";

/** Where a tool takes a dependency from. The dependency itself states only its name. */
export type Source = Readonly<{
  /** The entry that says so. */
  path: TomlPath;
  tool: "uv" | "Poetry";
  place: SourcePlace;
  /** It counts where this holds. */
  marker?: string;
  /** It counts for this extra only. Normalized. */
  extra?: string;
  /** Poetry: only an extra can ask for it. */
  isOptional?: true;
}>;

/** The kind of place. pip can use some of them. */
export type SourcePlace =
  /** A direct reference, as it stands behind the `@` of a requirement. */
  | Readonly<{ kind: "url"; url: string }>
  /** An index, by its name or URL. */
  | Readonly<{ kind: "index"; index: string }>
  /** A file or directory, relative to the project. */
  | Readonly<{ kind: "path"; path: string }>
  /** Another member of the workspace. */
  | Readonly<{ kind: "workspace" }>
  | Readonly<{ kind: "unknown" }>;

/** The sources of dependencies, by normalized names. */
export type Sources = ReadonlyMap<string, readonly Source[]>;

/**
 * The sources that `[tool.uv.sources]` and `[tool.poetry.dependencies]` give (uv, "Dependency sources"; Poetry, "Dependency
 * specification"). Those for dependency groups are left out: groups are installed from locks only.
 */
export function readSources(tool: unknown): Sources {
  const { uv, poetry } = tableOf(tool);
  const found = new Map<string, Source[]>();
  const add = (name: string, source: Source): void => {
    const key = normalizeName(name);
    const others = found.get(key);
    if (others === undefined) found.set(key, [source]);
    else others.push(source);
  };
  for (const [name, value, path] of entries(tableOf(uv)["sources"], ["tool", "uv", "sources"])) {
    if (value["group"] === undefined) add(name, uvSource(value, path));
  }
  const { dependencies } = tableOf(poetry);
  for (const [name, value, path] of entries(dependencies, ["tool", "poetry", "dependencies"])) {
    const optional = value["optional"] === true ? ({ isOptional: true } as const) : {};
    for (const place of poetryPlaces(name, value)) add(name, { path, tool: "Poetry", ...place, ...optional });
  }
  return found;
}

/** The tables of a table, each alone or one of several. */
function entries(
  value: unknown,
  path: TomlPath,
): readonly (readonly [name: string, table: RawTable, path: TomlPath])[] {
  return Object.entries(tableOf(value)).flatMap(([name, one]) =>
    (Array.isArray(one) ? one : [one]).map((item, index) => {
      const at: TomlPath = Array.isArray(one) ? [...path, name, index] : [...path, name];
      return [name, tableOf(item), at] as const;
    }),
  );
}

function uvSource(table: RawTable, path: TomlPath): Source {
  const [marker, extra] = [textOf(table["marker"]), textOf(table["extra"])];
  return {
    path,
    tool: "uv",
    place: uvPlace(table),
    ...(marker !== undefined && { marker }),
    ...(extra !== undefined && { extra: normalizeName(extra) }),
  };
}

function uvPlace(table: RawTable): SourcePlace {
  const [git, url, path, index] = ["git", "url", "path", "index"].map((key) => textOf(table[key]));
  const subdirectory = textOf(table["subdirectory"]);
  if (table["workspace"] === true) return { kind: "workspace" };
  if (path !== undefined) return { kind: "path", path };
  if (index !== undefined) return { kind: "index", index };
  // pip does not fetch the files that Git LFS has.
  if (git !== undefined && table["lfs"] !== true) {
    const revision = textOf(table["rev"]) ?? textOf(table["tag"]) ?? textOf(table["branch"]);
    return { kind: "url", url: gitReference(git, revision, subdirectory) };
  }
  if (url === undefined) return { kind: "unknown" };
  return { kind: "url", url: subdirectory === undefined ? url : `${url}#subdirectory=${subdirectory}` };
}

function poetryPlaces(name: string, table: RawTable): readonly Pick<Source, "place" | "marker">[] {
  const [path, index] = [textOf(table["path"]), textOf(table["source"])];
  if (path !== undefined) return [{ place: { kind: "path", path }, ...poetryMarker(name, table) }];
  if (index !== undefined) return [{ place: { kind: "index", index }, ...poetryMarker(name, table) }];
  if (table["git"] === undefined && table["url"] === undefined) return [];
  const url = parsedOf(name, table)?.url;
  return [{ place: url === undefined ? { kind: "unknown" } : { kind: "url", url }, ...poetryMarker(name, table) }];
}

/** The conditions of a dependency in one marker. A dependency that Poetry itself would refuse has none. */
function poetryMarker(name: string, table: RawTable): Pick<Source, "marker"> {
  const marker = parsedOf(name, { version: "*", ...table })?.marker;
  return marker === undefined ? {} : { marker };
}

function parsedOf(name: string, table: RawTable): ReturnType<typeof parseRequirement> | undefined {
  try {
    return parseRequirement(poetryRequirement(name, table) ?? "");
  } catch {
    return undefined;
  }
}

function tableOf(value: unknown): RawTable {
  return isTable(value) ? value : {};
}
