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
  const paths = [...configured, ...poetry].map((path) => path.replace(/^(?:\.?\/)+|\/+$/g, ""));
  const meant = paths.filter((path) => path !== "" && path !== "." && !path.split("/").includes(".."));
  if (paths.length > 0) return [...new Set(meant)];
  const module = (table.project?.name ?? table.tool?.poetry?.name ?? "").replace(/[-.]+/g, "_");
  if (!/^\w+$/.test(module)) return ["src"];
  return ["src", ...new Set([module, module.toLowerCase()].flatMap((name) => [name, `${name}.py`]))];
}

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}
