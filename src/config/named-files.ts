import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { valueAt, valuesAt } from "./loose-value.ts";
import type { PyprojectTable } from "./schema.ts";

/** A file of the project that the build backend reads because an entry names it. */
export type NamedFile = Readonly<{
  /** Relative to the project, as it is written; it may be a pattern. */
  name: string;
  isPattern: boolean;
  path: TomlPath;
}>;

/** Keys of the standard ("pyproject.toml specification", PEP 517, PEP 639 and its drafts); `*` is any entry. */
const STANDARD: readonly string[] = [
  "project.readme",
  "project.readme.file",
  "project.license.file",
  "project.license-files.paths.*",
  "build-system.backend-path.*",
];

/** Keys of build backends, by how the name of the backend begins. */
const BACKENDS: Readonly<Record<string, readonly string[]>> = {
  hatchling: [
    "tool.hatch.metadata.hooks.custom.path",
    "tool.hatch.metadata.hooks.fancy-pypi-readme.fragments.*.path",
    "tool.hatch.metadata.hooks.requirements_txt.filename",
    "tool.hatch.metadata.hooks.requirements_txt.files.*",
    "tool.hatch.build.hooks.custom.path",
  ],
  setuptools: ["description", "readme", "version"].flatMap((key) => [
    `tool.setuptools.dynamic.${key}.file`,
    `tool.setuptools.dynamic.${key}.file.*`,
  ]),
  poetry: ["tool.poetry.readme", "tool.poetry.readme.*", "tool.poetry.build", "tool.poetry.build.script"],
  pdm: ["tool.pdm.build.custom-hook"],
  flit: ["tool.flit.metadata.description-file"],
  scikit_build_core: ["tool.scikit-build.metadata.version.input"],
  maturin: ["tool.maturin.manifest-path"],
};

/** Keys whose values are patterns. */
const PATTERNS: readonly string[] = [
  "project.license-files.*",
  "project.license-files.globs.*",
  "tool.setuptools.license-files.*",
];

/** The files that the metadata of a project names. Files that only other backends would read are left out. */
export function namedFiles(table: PyprojectTable): readonly NamedFile[] {
  const backend = table["build-system"]?.["build-backend"] ?? "setuptools";
  const own = Object.entries(BACKENDS).flatMap(([start, keys]) => (backend.startsWith(start) ? keys : []));
  return [
    ...[...STANDARD, ...own, ...versionFile(table, backend)].flatMap((key) => named(table, key, false)),
    ...PATTERNS.filter((key) => !key.startsWith("tool.") || backend.startsWith("setuptools")).flatMap((key) =>
      named(table, key, true),
    ),
  ];
}

/** The file that has the version, where the version is read from one. */
function versionFile(table: PyprojectTable, backend: string): readonly string[] {
  if (table.project?.version !== undefined) return [];
  const source = (tool: string): unknown => valueAt(table, "tool", tool, "version", "source");
  if (backend.startsWith("hatchling")) {
    return [undefined, "regex", "code"].some((one) => one === source("hatch")) ? ["tool.hatch.version.path"] : [];
  }
  if (!backend.startsWith("pdm")) return [];
  return source("pdm") === "file" ? ["tool.pdm.version.path"] : ["tool.pdm.version.from"];
}

function named(table: PyprojectTable, key: string, isPattern: boolean): readonly NamedFile[] {
  return valuesAt(table, key.split(".")).flatMap(({ value, path }) =>
    typeof value === "string" && value !== "" ? [{ name: value, isPattern, path }] : [],
  );
}
