import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { type DependencyGroups, dependencyGroups } from "./dependency-groups.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { parseToml } from "./parse-toml.ts";
import type { TargetTable } from "./schema.ts";
import { readSources, type Sources } from "./sources.ts";
import { type ToolIndex, toolIndexes } from "./tool-indexes.ts";
import { type UvSettings, uvSettings } from "./uv-settings.ts";
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
    isPackage: table.tool?.uv?.package === true,
    isWorkspaceRoot: table.tool?.uv?.["workspace"] !== undefined,
    sources: readSources(table.tool),
    indexes: toolIndexes(table.tool),
    uv: uvSettings(table.tool?.uv),
    tools: new Set(Object.keys(table.tool ?? {})),
    targets: new Map(Object.entries(table.tool?.microb?.target ?? {})),
  };
}
