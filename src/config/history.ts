import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { valueAt, valuesAt } from "./loose-value.ts";
import { normalizeName } from "./normalize-name.ts";
import { parseRequirement } from "./requirement.ts";
import type { PyprojectTable } from "./schema.ts";

/** What reads the history of a project's repository when the project is built. */
export type HistoryReader = Readonly<{
  /** Its name, for messages. */
  tool: string;
  /** The entry that brings it in. */
  path: TomlPath;
  /**
   * What becomes of the version without a history: `fails` the build, `invented` by the tool, or `known` from elsewhere:
   * the project states it, or says what to fall back on.
   */
  without: "fails" | "invented" | "known";
}>;

/** Names of build requirements: tools of this kind say in their names what they read. */
const BY_NAME = /(?:^|-)(?:git|scm|vcs)(?:-|$)|(?:^|-)dynamic-versioning$/;
const OTHERS = new Set(["dunamai", "pbr", "scmver", "versioneer", "versioningit"]);

/** The tables of `[tool]` that configure one, and the name of the tool. */
const TABLES: ReadonlyMap<string, string> = new Map([
  ["poetry-dynamic-versioning", "poetry-dynamic-versioning"],
  ["setuptools-git-versioning", "setuptools-git-versioning"],
  ["setuptools_scm", "setuptools-scm"],
  ["setuptools-scm", "setuptools-scm"],
  ["uv-dynamic-versioning", "uv-dynamic-versioning"],
  ["vcs-versioning", "vcs-versioning"],
  ["versioneer", "versioneer"],
  ["versioningit", "versioningit"],
]);

/** Those that refuse to build without a history; the others invent a version. */
const FAILING = new Set([
  ...["flit-scm", "hatch-vcs", "pbr", "pdm-backend", "poetry-dynamic-versioning", "setuptools-scm"],
  ...["uv-dynamic-versioning", "vcs-versioning", "versioningit"],
]);

/** Finds what reads the history: a build requirement, the table of a tool, or pdm-backend if its table says so. */
export function historyReader(table: PyprojectTable): HistoryReader | undefined {
  const required = (table["build-system"]?.requires ?? []).flatMap((text, index) => {
    const tool = nameOf(text);
    return BY_NAME.test(tool) || OTHERS.has(tool) ? [{ tool, path: ["build-system", "requires", index] }] : [];
  });
  const configured = Object.keys(table.tool ?? {}).flatMap((name) => {
    const tool = TABLES.get(name);
    return tool === undefined ? [] : [{ tool, path: ["tool", name] }];
  });
  const [found] = [...required, ...pdm(table), ...configured];
  return found && { ...found, without: withoutHistory(table, found.tool) };
}

/** The name of a requirement; pip will say what is wrong with one that has none. */
function nameOf(text: string): string {
  try {
    return normalizeName(parseRequirement(text).name);
  } catch {
    return "";
  }
}

/** `[tool.pdm.version]`: `source = "scm"`, and `use_scm = true` of pdm-pep517. */
function pdm(table: PyprojectTable): readonly Omit<HistoryReader, "without">[] {
  const version = ["tool", "pdm", "version"];
  if (valueAt(table, ...version, "source") === "scm") return [{ tool: "pdm-backend", path: [...version, "source"] }];
  if (valueAt(table, ...version, "use_scm") === true) return [{ tool: "pdm-backend", path: [...version, "use_scm"] }];
  return [];
}

function withoutHistory(table: PyprojectTable, tool: string): HistoryReader["without"] {
  const isPlugin = tool === "poetry-dynamic-versioning";
  const version = table.project === undefined ? table.tool?.poetry?.version : table.project.version;
  // The plugin provides the version that Poetry demands.
  const isStated = isPlugin ? valueAt(table, "tool", tool, "enable") !== true : version !== undefined;
  const hasFallback = FALLBACKS.some((path) => valuesAt(table, path).length > 0);
  if (isStated || hasFallback) return "known";
  return FAILING.has(tool) ? "fails" : "invented";
}

const FALLBACKS: readonly (readonly string[])[] = [
  ["tool", "*", "fallback_version"],
  ["tool", "*", "fallback-version"],
  ["tool", "*", "default-version"],
  ["tool", "*", "version", "fallback_version"],
  ["tool", "*", "version", "fallback-version"],
  ["tool", "hatch", "version", "raw-options", "fallback_version"],
  ["tool", "scmver", "fallback"],
];
