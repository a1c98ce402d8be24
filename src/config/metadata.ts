import type { Place, TomlPath } from "../diagnostic/diagnostic.ts";
import { defined } from "./defined.ts";
import { flitMetadata } from "./flit.ts";
import { poetryMetadata, poetryPython } from "./poetry-metadata.ts";
import { type PythonConstraint, pep440Constraint } from "./python-constraint.ts";
import type { ProjectTable, PyprojectTable } from "./schema.ts";

/** A text of the build file together with the way to it. */
export type PlacedText = Readonly<{ text: string; path: TomlPath }>;

/** Somebody who wrote the project. */
export type Author = Readonly<{ name?: string; email?: string }>;

/** Where the dependencies come from, and what they are if the file states them. */
export type Dependencies =
  | Readonly<{ kind: "static"; requirements: readonly PlacedText[] }>
  /** Known only to the build backend; `path` is the entry that says so, `place` another file that does. */
  | Readonly<{
      kind: "dynamic";
      path: TomlPath;
      place?: Place;
      reason: string;
      /** Requirement files that setuptools reads them from, relative to the project. */
      files?: readonly string[];
    }>;

/** A limit on the version of Python: its name in messages, its text, and its entry in the build file or its place elsewhere. */
export type PythonLimit = Readonly<{ name: string; text: string; constraint: PythonConstraint }> &
  Readonly<{ path: TomlPath } | { place: Place }>;

/**
 * The metadata of a project. It comes from `[project]` (PEP 621), else from `[tool.poetry]` or `[tool.flit.metadata]`, else
 * from the files of setuptools.
 */
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
  /** All of them must hold. */
  pythonLimits: readonly PythonLimit[];
  dependencies: Dependencies;
  extras: ReadonlyMap<string, readonly PlacedText[]>;
  /** Whether there may be more extras than the file states. */
  extrasAreDynamic: boolean;
  /** Requirement files that setuptools reads extras from, relative to the project. */
  extraFiles?: ReadonlyMap<string, readonly string[]>;
  /** The fields that the build file leaves to the build backend; all of them without `[project]` or its like. */
  dynamic: readonly string[];
}>;

/** Reads the project's metadata from a validated build file. */
export function readMetadata(table: PyprojectTable): Metadata {
  const { poetry, flit } = table.tool ?? {};
  if (table.project !== undefined) return projectMetadata(table.project, table);
  if (poetry !== undefined) return poetryMetadata(poetry);
  if (flit?.metadata !== undefined) return flitMetadata(flit.metadata, Object.keys(flit.scripts ?? {}));
  return {
    path: ["project"],
    authors: [],
    urls: new Map(),
    scripts: [],
    pythonLimits: [],
    dependencies: { kind: "static", requirements: [] },
    extras: new Map(),
    extrasAreDynamic: false,
    dynamic: FIELDS,
  };
}

/** The fields of `[project]` that are also read from setup.cfg and setup.py. */
const FIELDS = ["name", "version", "description", "license", "authors", "urls", "scripts", "requires-python"] as const;

function projectMetadata(project: ProjectTable, table: PyprojectTable): Metadata {
  const { version, description, license, dynamic = [] } = project;
  const { dependencies: file, "optional-dependencies": optionalFiles } = table.tool?.setuptools?.dynamic ?? {};
  const path = ["project", "optional-dependencies"];
  const optional = Object.entries(project["optional-dependencies"] ?? {});
  const isOptionalDynamic = dynamic.includes("optional-dependencies");
  const files = isOptionalDynamic && optionalFiles !== undefined ? Object.entries(optionalFiles) : undefined;
  return {
    path: ["project"],
    name: project.name,
    ...defined({ version, description, license: typeof license === "string" ? license : undefined }),
    authors: (project.authors ?? []).map(({ name, email }) => defined({ name, email })),
    urls: new Map(Object.entries(project.urls ?? {})),
    scripts: Object.keys(project.scripts ?? {}),
    pythonLimits: [...requiresPython(project), ...poetryPython(table.tool?.poetry)],
    dependencies: projectDependencies(project, file?.file),
    extras: new Map([
      ...optional.map(([extra, texts]) => [extra, placed(texts, [...path, extra])] as const),
      ...(files ?? []).map(([extra]) => [extra, []] as const),
    ]),
    // If setuptools reads extras from files, there are no others (setuptools `config/pyprojecttoml.py`).
    extrasAreDynamic: isOptionalDynamic && files === undefined,
    ...(files !== undefined && { extraFiles: new Map(files.map(([extra, { file = [] }]) => [extra, [file].flat()])) }),
    dynamic,
  };
}

function requiresPython({ "requires-python": text }: ProjectTable): readonly PythonLimit[] {
  if (text === undefined) return [];
  const path = ["project", "requires-python"];
  return [{ name: path.join("."), text, constraint: pep440Constraint(text), path }];
}

function projectDependencies(
  { dependencies, dynamic = [] }: ProjectTable,
  /** `[tool.setuptools.dynamic] dependencies = { file = … }`: the one dynamic form that can be read without a build. */
  file: string | readonly string[] | undefined,
): Dependencies {
  if (dependencies !== undefined || !dynamic.includes("dependencies")) {
    return { kind: "static", requirements: placed(dependencies ?? [], ["project", "dependencies"]) };
  }
  const path = ["project", "dynamic", dynamic.indexOf("dependencies")];
  const files = file === undefined ? {} : { files: [file].flat() };
  return { kind: "dynamic", path, reason: "the dependencies are dynamic", ...files };
}

function placed(texts: readonly string[], path: TomlPath): readonly PlacedText[] {
  return texts.map((text, index) => ({ text, path: [...path, index] }));
}
