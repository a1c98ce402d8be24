import { atKey, type Place, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { normalizeName } from "./normalize-name.ts";
import { isTable, type RawTable } from "./raw-value.ts";

/** Packages that a setting is about: all of them, or those of these normalized names. */
export type PackageSet = "all" | ReadonlySet<string>;

/** The settings of uv that decide how packages are built and installed (uv, "Settings"). */
export type UvSettings = Readonly<{
  /** Must not be built from source. */
  noBuild: PackageSet;
  /** Must be built from source. */
  noBinary: PackageSet;
  /** Are built in the environment itself, or with more than they say that they need. */
  specialBuild: PackageSet;
  /** The keys that are set and change what is installed: only builds from a lock know of them. */
  withLock: readonly Readonly<{ key: string; place: Place }>[];
}>;

/** Keys of `[tool.uv]` that count although a `uv.toml` takes the place of the other settings there. */
const OF_PROJECT = [
  "constraint-dependencies",
  "override-dependencies",
  "exclude-dependencies",
  "build-constraint-dependencies",
];

const WITH_LOCK = [
  "no-build",
  "no-build-package",
  "no-binary",
  "no-binary-package",
  "no-build-isolation",
  "no-build-isolation-package",
  "extra-build-dependencies",
  "extra-build-variables",
  "config-settings",
  "config-settings-package",
  ...OF_PROJECT,
  "exclude-newer",
  "exclude-newer-package",
  "find-links",
  "no-index",
  "prerelease",
  "resolution",
  "dependency-metadata",
];

/** Reads the settings of uv in a table: `[tool.uv]` of a build file, or a whole `uv.toml`. */
export function uvSettings(uv: unknown, source: SourceText, path: TomlPath): UvSettings {
  const table = isTable(uv) ? uv : {};
  const tables = ["extra-build-dependencies", "extra-build-variables", "config-settings-package"];
  const special = [
    ...texts(table["no-build-isolation-package"]),
    ...tables.flatMap((key) => Object.keys(tableOf(table[key]))),
  ];
  return {
    noBuild: packageSet(table["no-build"], table["no-build-package"]),
    noBinary: packageSet(table["no-binary"], table["no-binary-package"]),
    specialBuild: packageSet(table["no-build-isolation"] === true || changesBuilds(table["config-settings"]), special),
    withLock: WITH_LOCK.filter((key) => table[key] !== undefined && table[key] !== false).map((key) => ({
      key,
      place: atKey(source, ...path, key),
    })),
  };
}

/** The settings of a `uv.toml` beside a build file. */
export function besideBuildFile(settings: UvSettings, buildFile: UvSettings): UvSettings {
  const own = buildFile.withLock.filter(({ key }) => OF_PROJECT.includes(key));
  return { ...settings, withLock: [...settings.withLock, ...own] };
}

/** Whether settings for build backends are about more than editable installations, of which an image has none. */
function changesBuilds(settings: unknown): boolean {
  return Object.keys(tableOf(settings)).some((key) => !/^editable[-_]/.test(key));
}

function tableOf(value: unknown): RawTable {
  return isTable(value) ? value : {};
}

function packageSet(all: unknown, some: unknown): PackageSet {
  return all === true ? "all" : new Set(texts(some).map(normalizeName));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Whether a setting is about a package. */
export function isAbout(set: PackageSet, name: string): boolean {
  return set === "all" || set.has(name);
}
