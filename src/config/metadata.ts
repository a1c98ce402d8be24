import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { poetryRequirements } from "./poetry.ts";
import { type PythonConstraint, pep440Constraint, poetryConstraint } from "./python-constraint.ts";
import type { PoetryTable, ProjectTable, PyprojectTable } from "./schema.ts";

/** A text of the build file together with the way to it. */
export type PlacedText = Readonly<{ text: string; path: TomlPath }>;

/** Somebody who wrote the project. */
export type Author = Readonly<{ name?: string; email?: string }>;

/** Where the dependencies come from, and what they are as far as the file tells. */
export type Dependencies =
  | Readonly<{ kind: "static"; requirements: readonly PlacedText[] }>
  /** Known only to the build backend; `path` is the entry that says so. */
  | Readonly<{
      kind: "dynamic";
      path: TomlPath;
      reason: string;
      /** Requirement files that setuptools reads them from, relative to the project. */
      files?: readonly string[];
    }>;

/** What a project says about itself, wherever it says it: `[project]` (PEP 621), or `[tool.poetry]` without one. */
export type Metadata = Readonly<{
  /** The way to the table that says it. */
  path: TomlPath;
  name?: string;
  version?: string;
  description?: string;
  license?: string;
  authors: readonly Author[];
  urls: ReadonlyMap<string, string>;
  scripts: readonly string[];
  requiresPython?: Readonly<{ constraint: PythonConstraint; place: PlacedText }>;
  dependencies: Dependencies;
  extras: ReadonlyMap<string, readonly PlacedText[]>;
  /** Whether there may be more extras than the file tells. */
  extrasAreDynamic: boolean;
}>;

/** Reads the project's metadata from a validated build file. */
export function readMetadata(table: PyprojectTable): Metadata {
  if (table.project !== undefined) return projectMetadata(table.project, setuptoolsFiles(table));
  if (table.tool?.poetry !== undefined) return poetryMetadata(table.tool.poetry);
  return {
    path: ["project"],
    authors: [],
    urls: new Map(),
    scripts: [],
    dependencies: { kind: "static", requirements: [] },
    extras: new Map(),
    extrasAreDynamic: false,
  };
}

function projectMetadata(project: ProjectTable, files: readonly string[] | undefined): Metadata {
  const { version, description, license } = project;
  const requiresPython = project["requires-python"];
  const optional = Object.entries(project["optional-dependencies"] ?? {});
  return {
    path: ["project"],
    name: project.name,
    ...defined({ version, description, license: typeof license === "string" ? license : undefined }),
    authors: (project.authors ?? []).map(({ name, email }) => defined({ name, email })),
    urls: new Map(Object.entries(project.urls ?? {})),
    scripts: Object.keys(project.scripts ?? {}),
    ...(requiresPython === undefined
      ? {}
      : {
          requiresPython: {
            constraint: pep440Constraint(requiresPython),
            place: { text: requiresPython, path: ["project", "requires-python"] },
          },
        }),
    dependencies: projectDependencies(project, files),
    extras: new Map(
      optional.map(([extra, texts]) => [extra, placed(texts, ["project", "optional-dependencies", extra])]),
    ),
    extrasAreDynamic: project.dynamic?.includes("optional-dependencies") ?? false,
  };
}

/** `[tool.setuptools.dynamic] dependencies = { file = … }`: the one dynamic form that can be read without a build. */
function setuptoolsFiles(table: PyprojectTable): readonly string[] | undefined {
  const file = table.tool?.setuptools?.dynamic?.dependencies?.file;
  return file === undefined ? undefined : [file].flat();
}

function projectDependencies(
  { dependencies, dynamic = [] }: ProjectTable,
  files: readonly string[] | undefined,
): Dependencies {
  if (dependencies !== undefined || !dynamic.includes("dependencies")) {
    return { kind: "static", requirements: placed(dependencies ?? [], ["project", "dependencies"]) };
  }
  const path = ["project", "dynamic", dynamic.indexOf("dependencies")];
  return { kind: "dynamic", path, reason: "the dependencies are dynamic", ...(files !== undefined && { files }) };
}

function poetryMetadata(poetry: PoetryTable): Metadata {
  const { name, version, description, license, homepage, repository, documentation } = poetry;
  const python = poetry.dependencies?.["python"];
  const path = ["tool", "poetry", "dependencies"];
  return {
    path: ["tool", "poetry"],
    ...defined({ name, version, description, license }),
    authors: (poetry.authors ?? []).map(poetryAuthor),
    urls: new Map(
      Object.entries(defined({ homepage, repository, documentation })).map(([key, url]) => [key, String(url)]),
    ),
    scripts: Object.keys(poetry.scripts ?? {}),
    ...(typeof python === "string"
      ? { requiresPython: { constraint: poetryConstraint(python), place: { text: python, path: [...path, "python"] } } }
      : {}),
    ...poetryRequirements(poetry),
    extrasAreDynamic: false,
  };
}

/** `Name <mail>`, as Poetry writes an author; anything else is taken as a name. */
function poetryAuthor(text: string): Author {
  const match = /^([^<>]*)<([^<>]+)>\s*$/.exec(text);
  return match === null ? { name: text } : defined({ name: match[1]?.trimEnd() || undefined, email: match[2] });
}

function placed(texts: readonly string[], path: TomlPath): readonly PlacedText[] {
  return texts.map((text, index) => ({ text, path: [...path, index] }));
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that have a value: an optional property is absent, never present as undefined. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
