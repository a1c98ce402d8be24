import { valuesAt } from "./loose-value.ts";
import type { PyprojectTable } from "./schema.ts";

/** Keys by which build backends are told where packages are; `*` is any entry. */
const CONFIGURED: readonly string[] = [
  "tool.hatch.build.targets.wheel.packages.*",
  "tool.hatch.build.packages.*",
  "tool.setuptools.package-dir.*",
  "tool.setuptools.packages.find.where.*",
  "tool.flit.module.name",
  "tool.pdm.build.package-dir",
  "tool.maturin.python-source",
];

/**
 * The paths in a project that its modules may be at: those that its build backend is told, else where backends look by
 * themselves, which is `src`, and the name of the project.
 */
export function packagePaths(table: PyprojectTable): readonly string[] {
  const configured = CONFIGURED.flatMap((key) => texts(valuesAt(table, key.split(".")).map(({ value }) => value)));
  const poetry = valuesAt(table, ["tool", "poetry", "packages", "*"]).flatMap(({ value }) => {
    const { from = "", include } = value as Readonly<Record<string, unknown>>;
    return typeof include === "string" && !/[*?[]/.test(include) ? [from === "" ? include : `${from}/${include}`] : [];
  });
  const paths = [...configured, ...poetry].map((path) => path.replace(/^(?:\.?\/)+|(?<!\/)\/+$/g, ""));
  const meant = paths.filter((path) => path !== "" && path !== "." && !path.split("/").includes(".."));
  if (paths.length > 0) return [...new Set(meant)];
  return ["src", ...moduleNames(table).flatMap((name) => [name, `${name}.py`])];
}

/** Files that are usually among the modules at these paths: whether one is in the context tells of the others. */
export function moduleFiles(table: PyprojectTable, paths: readonly string[]): readonly string[] {
  const names = moduleNames(table);
  return paths.flatMap((path) =>
    path.endsWith(".py")
      ? [path]
      : [`${path}/__init__.py`, ...names.flatMap((name) => [`${path}/${name}/__init__.py`, `${path}/${name}.py`])],
  );
}

/** What the name of the project usually makes the name of its package. */
function moduleNames(table: PyprojectTable): readonly string[] {
  const module = (table.project?.name ?? table.tool?.poetry?.name ?? "").replace(/[-.]+/g, "_");
  return /^\w+$/.test(module) ? [...new Set([module, module.toLowerCase()])] : [];
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}
