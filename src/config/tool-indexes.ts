import { atValue, type Place, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { isTable, tablesAt, textOf } from "./raw-value.ts";

/** An index that a packaging tool was told to ask. */
export type ToolIndex = Readonly<{
  place: Place;
  tool: "uv" | "Poetry" | "PDM";
  name?: string;
  url: string;
  /** Whether it is asked for packages only whose source names it. */
  isExplicit: boolean;
}>;

const PUBLIC = /^https:\/\/(?:pypi\.org|pypi\.python\.org)\/simple\/?$/;

/** The indexes besides the public one that `pyproject.toml` names for uv, Poetry and PDM. */
export function toolIndexes(tool: unknown, source: SourceText): readonly ToolIndex[] {
  const { uv, poetry, pdm } = isTable(tool) ? tool : {};
  return [
    ...uvIndexes(uv, source, ["tool", "uv"]),
    ...[
      ...inTables(
        { tool: "Poetry", table: poetry, source, path: ["tool", "poetry"] },
        "source",
        (one) => one["priority"] === "explicit",
      ),
      ...inTables({ tool: "PDM", table: pdm, source, path: ["tool", "pdm"] }, "source", () => false),
    ].filter(isPrivate),
  ];
}

/** Those that the settings of uv name: `[tool.uv]` of a build file, or a whole `uv.toml`. */
export function uvIndexes(table: unknown, source: SourceText, path: TomlPath): readonly ToolIndex[] {
  const settings = { tool: "uv", table, source, path } as const;
  return [
    ...inTables(settings, "index", (one) => one["explicit"] === true),
    ...inTexts(settings, "index-url"),
    ...inTexts(settings, "extra-index-url"),
  ].filter(isPrivate);
}

function isPrivate({ url }: ToolIndex): boolean {
  return !PUBLIC.test(url);
}

/** A table of settings: whose it is, and where it stands. */
type Settings = Readonly<{ tool: ToolIndex["tool"]; table: unknown; source: SourceText; path: TomlPath }>;

function inTables(
  { tool, table, source, path }: Settings,
  key: string,
  isExplicit: (one: Readonly<Record<string, unknown>>) => boolean,
): readonly ToolIndex[] {
  return tablesAt(table, key).flatMap((one, position) => {
    const [name, url] = [textOf(one["name"]), textOf(one["url"])];
    if (url === undefined) return [];
    const place = atValue(source, ...path, key, position);
    return [{ place, tool, url, isExplicit: isExplicit(one), ...(name !== undefined && { name }) }];
  });
}

/** The older settings of uv, one URL or several. */
function inTexts({ tool, table, source, path }: Settings, key: string): readonly ToolIndex[] {
  const value = isTable(table) ? table[key] : undefined;
  return (Array.isArray(value) ? value : [value]).flatMap((url: unknown, position) => {
    const place = atValue(source, ...path, key, ...(Array.isArray(value) ? [position] : []));
    return typeof url === "string" ? [{ place, tool, url, isExplicit: false }] : [];
  });
}
