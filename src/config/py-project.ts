import { atKey, type Place } from "../diagnostic/diagnostic.ts";
import { credentialsPlace, maskCredentials } from "../diagnostic/mask-credentials.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { defined } from "./defined.ts";
import { type DependencyGroups, dependencyGroups } from "./dependency-groups.ts";
import { type HistoryReader, historyReader } from "./history.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { type NamedFile, namedFiles } from "./named-files.ts";
import { normalizeName } from "./normalize-name.ts";
import { moduleFiles, packagePaths } from "./package-paths.ts";
import { parseToml } from "./parse-toml.ts";
import type { PyprojectTable, TargetTable } from "./schema.ts";
import { readSources, type Sources } from "./sources.ts";
import { type ToolIndex, toolIndexes } from "./tool-indexes.ts";
import { type UvSettings, uvSettings } from "./uv-settings.ts";
import { validatePyproject } from "./validate.ts";

/** A project as its build file describes it. */
export type PyProject = Readonly<{
  source: SourceText;
  /** Where it first has a password or a token that everybody can read who has the file, if it has one. */
  password?: Place;
  metadata: Metadata;
  groups: DependencyGroups;
  /** What `[build-system]` requires, or undefined without that table (PEP 518). */
  buildRequires?: readonly string[];
  /** What builds it; without it setuptools does (PEP 517). */
  buildBackend?: string;
  /** The entry that tells uv or Poetry that this is not a package. */
  notAPackage?: readonly string[];
  /** If the list of packages for Poetry is empty: the files in which Poetry looks for a module with the project's name. */
  modulesByName?: readonly string[];
  /** Where the build file first uses TOML 1.1, if it does. */
  newerToml?: Place;
  /** What reads the history of the repository when the project is built. */
  history?: HistoryReader;
  /** The files that its metadata names. */
  namedFiles: readonly NamedFile[];
  /** Where its modules may be, relative to the project. */
  packagePaths: readonly string[];
  /** Files that are usually among them. */
  moduleFiles: readonly string[];
  /** Whether uv was told that this is a package: it then needs no `[build-system]`. */
  isPackage: boolean;
  /** Whether it is the root of a workspace of uv. */
  isWorkspaceRoot: boolean;
  /** Where tools take dependencies from. */
  sources: Sources;
  /** The indexes that tools ask. */
  indexes: readonly ToolIndex[];
  uv: UvSettings;
  /** The names of the tables below `[tool]`. */
  tools: ReadonlySet<string>;
  targets: ReadonlyMap<string, TargetTable>;
}>;

/**
 * Reads a build file.
 * @throws UserError with everything that is wrong with it.
 */
export function parseProject(original: SourceText): PyProject {
  const source = maskCredentials(original);
  const { table: parsed, newerThan10 } = parseToml(original, source);
  const validation = validatePyproject(parsed, source);
  if (!validation.valid) throw new UserError(validation.diagnostics);
  const { table } = validation;
  const buildSystem = table["build-system"];
  const paths = packagePaths(table);
  const notAPackage =
    table.tool?.uv?.package === false
      ? ["tool", "uv", "package"]
      : table.tool?.poetry?.["package-mode"] === false
        ? ["tool", "poetry", "package-mode"]
        : undefined;
  return {
    source,
    ...defined({ password: passwordPlace(original, source, table) }),
    metadata: readMetadata(table),
    groups: dependencyGroups(table["dependency-groups"]),
    ...(buildSystem === undefined ? {} : { buildRequires: buildSystem.requires ?? [] }),
    ...defined({ buildBackend: buildSystem?.["build-backend"], newerToml: newerThan10 }),
    ...(notAPackage === undefined ? {} : { notAPackage }),
    ...defined({
      modulesByName: poetryModules(table),
      history: historyReader(table),
    }),
    namedFiles: namedFiles(table),
    packagePaths: paths,
    moduleFiles: moduleFiles(table, paths),
    isPackage: table.tool?.uv?.package === true,
    isWorkspaceRoot: table.tool?.uv?.["workspace"] !== undefined,
    sources: readSources(table.tool),
    indexes: toolIndexes(table.tool, source),
    uv: uvSettings(table.tool?.uv, source, ["tool", "uv"]),
    tools: new Set(Object.keys(table.tool ?? {})),
    targets: new Map(Object.entries(table.tool?.microb?.target ?? {})),
  };
}

/** In a URL, wherever it stands, or as the password of an index of any target. */
function passwordPlace({ text }: SourceText, source: SourceText, { tool }: PyprojectTable): Place | undefined {
  for (const [name, { indices = [] }] of Object.entries(tool?.microb?.target ?? {})) {
    const position = indices.findIndex(({ password }) => password !== undefined);
    if (position >= 0) return atKey(source, "tool", "microb", "target", name, "indices", position, "password");
  }
  return credentialsPlace(text, source);
}

/** Where Poetry looks for a module if it has no list of packages, or an empty one (poetry-core `masonry/utils/module.py`). */
function poetryModules({ project, tool }: PyprojectTable): readonly string[] | undefined {
  const { packages, name = "" } = tool?.poetry ?? {};
  if (packages === undefined || packages.length > 0) return undefined;
  const module = normalizeName(project?.name ?? name).replaceAll("-", "_");
  return [`${module}/__init__.py`, `${module}.py`, `src/${module}/__init__.py`, `src/${module}.py`];
}
