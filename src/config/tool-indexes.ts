import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { isTable, tablesAt, textOf } from "./raw-value.ts";

/** An index that a packaging tool was told to ask. */
export type ToolIndex = Readonly<{
  path: TomlPath;
  tool: "uv" | "Poetry" | "PDM";
  name?: string;
  url: string;
  /** Whether it is asked for packages only whose source names it. */
  isExplicit: boolean;
}>;

const PUBLIC = /^https:\/\/(?:pypi\.org|pypi\.python\.org)\/simple\/?$/;

/** The indexes besides the public one that `pyproject.toml` names for uv, Poetry and PDM. */
export function toolIndexes(tool: unknown): readonly ToolIndex[] {
  const { uv, poetry, pdm } = isTable(tool) ? tool : {};
  const found = [
    ...inTables("uv", ["tool", "uv", "index"], uv, (one) => one["explicit"] === true),
    ...inTexts("index-url", uv),
    ...inTexts("extra-index-url", uv),
    ...inTables("Poetry", ["tool", "poetry", "source"], poetry, (one) => one["priority"] === "explicit"),
    ...inTables("PDM", ["tool", "pdm", "source"], pdm, () => false),
  ];
  return found.filter(({ url }) => !PUBLIC.test(url));
}

function inTables(
  tool: ToolIndex["tool"],
  path: readonly [string, string, string],
  table: unknown,
  isExplicit: (one: Readonly<Record<string, unknown>>) => boolean,
): readonly ToolIndex[] {
  return tablesAt(table, path[2]).flatMap((one, position) => {
    const [name, url] = [textOf(one["name"]), textOf(one["url"])];
    if (url === undefined) return [];
    return [{ path: [...path, position], tool, url, isExplicit: isExplicit(one), ...(name !== undefined && { name }) }];
  });
}

/** The older settings of uv, one URL or several. */
function inTexts(key: string, uv: unknown): readonly ToolIndex[] {
  const value = isTable(uv) ? uv[key] : undefined;
  return (Array.isArray(value) ? value : [value]).flatMap((url: unknown, position) => {
    const path = ["tool", "uv", key, ...(Array.isArray(value) ? [position] : [])];
    return typeof url === "string" ? [{ path, tool: "uv" as const, url, isExplicit: false }] : [];
  });
}
