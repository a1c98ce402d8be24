import { normalizeName } from "./normalize-name.ts";
import { isTable } from "./raw-value.ts";

/** Packages that a setting is about: all of them, or those of these normalized names. */
export type PackageSet = "all" | ReadonlySet<string>;

/** The settings of `[tool.uv]` that decide how packages are built and installed (uv, "Settings"). */
export type UvSettings = Readonly<{
  /** Must not be built from source. */
  noBuild: PackageSet;
  /** Must be built from source. */
  noBinary: PackageSet;
  /** Are built in the environment itself, or with more than they say that they need. */
  specialBuild: ReadonlySet<string>;
  /** Whether every package is built in the environment itself. */
  noIsolation: boolean;
  /** The keys that are set and change what is installed: only builds from a lock know of them. */
  withLock: readonly string[];
}>;

const WITH_LOCK = [
  "no-build",
  "no-build-package",
  "no-binary",
  "no-binary-package",
  "no-build-isolation",
  "no-build-isolation-package",
  "extra-build-dependencies",
  "constraint-dependencies",
  "override-dependencies",
  "exclude-dependencies",
  "build-constraint-dependencies",
  "exclude-newer",
  "exclude-newer-package",
  "find-links",
  "no-index",
  "prerelease",
  "resolution",
  "dependency-metadata",
];

/** Reads the settings of uv in a build file. */
export function uvSettings(uv: unknown): UvSettings {
  const table = isTable(uv) ? uv : {};
  const { "extra-build-dependencies": extra } = table;
  return {
    noBuild: packageSet(table["no-build"], table["no-build-package"]),
    noBinary: packageSet(table["no-binary"], table["no-binary-package"]),
    specialBuild: new Set(
      [...texts(table["no-build-isolation-package"]), ...Object.keys(isTable(extra) ? extra : {})].map(normalizeName),
    ),
    noIsolation: table["no-build-isolation"] === true,
    withLock: WITH_LOCK.filter((key) => table[key] !== undefined && table[key] !== false),
  };
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
