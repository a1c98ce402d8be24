import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { type DependencyGroups, dependencyGroups } from "./dependency-groups.ts";
import { type HistoryReader, historyReader } from "./history.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { type NamedFile, namedFiles } from "./named-files.ts";
import { packagePaths } from "./package-paths.ts";
import { parseToml } from "./parse-toml.ts";
import type { TargetTable } from "./schema.ts";
import { validatePyproject } from "./validate.ts";

/** A project as its build file describes it. */
export type PyProject = Readonly<{
  source: SourceText;
  metadata: Metadata;
  groups: DependencyGroups;
  /** What `[build-system]` requires, or undefined without that table (PEP 518). */
  buildRequires?: readonly string[];
  /** The entry by which a packaging tool is told that this is no package: uv's or Poetry's. */
  notAPackage?: readonly string[];
  /** What reads the history of the repository when the project is built. */
  history?: HistoryReader;
  /** The files that its metadata names. */
  namedFiles: readonly NamedFile[];
  /** Where its modules may be, relative to the project. */
  packagePaths: readonly string[];
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
  const validation = validatePyproject(parseToml(original, source), source);
  if (!validation.valid) throw new UserError(validation.diagnostics);
  const { table } = validation;
  const buildSystem = table["build-system"];
  const notAPackage =
    table.tool?.uv?.package === false
      ? ["tool", "uv", "package"]
      : table.tool?.poetry?.["package-mode"] === false
        ? ["tool", "poetry", "package-mode"]
        : undefined;
  return {
    source,
    metadata: readMetadata(table),
    groups: dependencyGroups(table["dependency-groups"]),
    ...(buildSystem === undefined ? {} : { buildRequires: buildSystem.requires ?? [] }),
    ...(notAPackage === undefined ? {} : { notAPackage }),
    ...defined(historyReader(table)),
    namedFiles: namedFiles(table),
    packagePaths: packagePaths(table),
    tools: new Set(Object.keys(table.tool ?? {})),
    targets: new Map(Object.entries(table.tool?.microb?.target ?? {})),
  };
}

function defined(history: HistoryReader | undefined): { history?: HistoryReader } {
  return history === undefined ? {} : { history };
}
