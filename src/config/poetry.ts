import type { Dependencies, PlacedText } from "./metadata.ts";
import { normalizeName } from "./normalize-name.ts";
import { poetrySpecifier } from "./poetry-specifier.ts";
import type { PoetryTable } from "./schema.ts";

/** What a Poetry-only project needs, and what its extras add. */
export type PoetryRequirements = Readonly<{
  dependencies: Dependencies;
  extras: ReadonlyMap<string, readonly PlacedText[]>;
}>;

const PATH = ["tool", "poetry", "dependencies"];

/**
 * The dependencies of `[tool.poetry]` as PEP 508 texts (poetry-core `factory.py` and `packages/dependency.py`). If PEP 508
 * cannot express one, such as a directory or alternatives of versions, all of them are dynamic: Poetry's build backend
 * knows them.
 */
export function poetryRequirements(poetry: PoetryTable): PoetryRequirements {
  const entries = Object.entries(poetry.dependencies ?? {}).filter(([name]) => name !== "python");
  const all = entries.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one, index) => ({
      ...convert(name, one),
      name: normalizeName(name),
      path: Array.isArray(value) ? [...PATH, name, index] : [...PATH, name],
    })),
  );
  const unsayable = all.find(({ text }) => text === undefined);
  if (unsayable !== undefined) {
    return {
      dependencies: { kind: "dynamic", path: unsayable.path, reason: `only Poetry can resolve "${unsayable.name}"` },
      extras: new Map(Object.keys(poetry.extras ?? {}).map((extra) => [extra, []])),
    };
  }
  const placed = (chosen: (one: (typeof all)[number]) => boolean): readonly PlacedText[] =>
    all.filter(chosen).map(({ text = "", path }) => ({ text, path }));
  return {
    dependencies: { kind: "static", requirements: placed(({ optional }) => !optional) },
    extras: new Map(
      Object.entries(poetry.extras ?? {}).map(([extra, names]) => {
        const wanted = new Set(names.map(normalizeName));
        return [extra, placed(({ name, optional }) => optional && wanted.has(name))];
      }),
    ),
  };
}

type Converted = Readonly<{ text: string | undefined; optional: boolean }>;

function convert(name: string, value: unknown): Converted {
  if (typeof value === "string") return { text: versioned(name, [], value, []), optional: false };
  if (typeof value !== "object" || value === null) return { text: undefined, optional: false };
  const table = value as Readonly<Record<string, unknown>>;
  return { text: poetryRequirement(name, table), optional: table["optional"] === true };
}

/** A dependency of `[tool.poetry.dependencies]` that is a table, as PEP 508 text; undefined if PEP 508 cannot express it. */
export function poetryRequirement(name: string, table: Readonly<Record<string, unknown>>): string | undefined {
  const word = (key: string): string | undefined => (typeof table[key] === "string" ? table[key] : undefined);
  const extras = Array.isArray(table["extras"]) ? table["extras"].map(String) : [];
  const python = word("python") === undefined ? [] : pythonMarkers(word("python") ?? "");
  if (python === undefined) return undefined;
  const platform = word("platform");
  const markers = [
    ...(word("markers") === undefined ? [] : [`(${word("markers")})`]),
    ...python,
    ...(platform === undefined ? [] : [`sys_platform == "${platform}"`]),
  ];
  const git = word("git");
  if (git !== undefined) {
    const revision = word("rev") ?? word("tag") ?? word("branch");
    return placedAt(name, extras, gitReference(git, revision, word("subdirectory")), markers);
  }
  const url = word("url");
  if (url !== undefined) return placedAt(name, extras, url, markers);
  const version = word("version");
  return version === undefined ? undefined : versioned(name, extras, version, markers);
}

/** A repository as pip takes it behind the `@` of a requirement. */
export function gitReference(url: string, revision: string | undefined, subdirectory: string | undefined): string {
  const fragment = subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;
  return `git+${gitUrl(url.replace(/^git\+/, ""))}${revision === undefined ? "" : `@${revision}`}${fragment}`;
}

/** `git@host:path`, as git takes it, in the form that pip takes. */
function gitUrl(url: string): string {
  const match = /^([^@/:]+@[^:/]+):(?!\d+\/)(.+)$/.exec(url);
  return match === null ? url : `ssh://${match[1]}/${match[2]}`;
}

function versioned(
  name: string,
  extras: readonly string[],
  version: string,
  markers: readonly string[],
): string | undefined {
  const specifier = poetrySpecifier(version);
  if (specifier === undefined) return undefined;
  return withMarkers(`${project(name, extras)}${specifier}`, markers);
}

function placedAt(name: string, extras: readonly string[], url: string, markers: readonly string[]): string {
  return withMarkers(`${project(name, extras)} @ ${url}`, markers);
}

function project(name: string, extras: readonly string[]): string {
  return extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
}

function withMarkers(text: string, markers: readonly string[]): string {
  return markers.length === 0 ? text : `${text} ; ${markers.join(" and ")}`;
}

/** `python = "^3.9"` of a dependency as markers. */
function pythonMarkers(constraint: string): readonly string[] | undefined {
  return poetrySpecifier(constraint)
    ?.split(",")
    .filter((clause) => clause !== "")
    .map((clause) => {
      const [, operator = "", version = ""] = /^([<>=!~]+)(.*)$/.exec(clause) ?? [];
      return `python_full_version ${operator} "${version}"`;
    });
}
