import { normalizeName } from "../config/normalize-name.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { lockProblem } from "./lock-problem.ts";
import { parseLock } from "./parse-lock.ts";
import { packagesOf, type RawTable, tableOf, tablesOf, textOf, textsOf } from "./raw-table.ts";

/** What a lock has of a project, for all platforms together. */
export type LockedProject = Readonly<{
  /** None if only a build tells the version, or uv was told to take another one than is required, or none at all. */
  versions: ReadonlySet<string>;
  /** The extras that somebody asks for, normalized; undefined if the format does not say which. */
  extras?: ReadonlySet<string>;
}>;

/** What a lock has, by normalized names. */
export type LockedProjects = ReadonlyMap<string, LockedProject>;

/** The most versions of one project: real locks have up to a few for their forks, and requirements are tried with each. */
const MAX_VERSIONS = 100;

/**
 * All projects of a lock, whoever requires them: they are compared with the requirements of the build file.
 * @throws UserError when it is not a lock, or has too many versions of a project.
 */
export function lockedProjects(source: SourceText): LockedProjects {
  const table = parseLock(source);
  const found = new Map<string, { versions: Set<string>; extras?: Set<string> }>();
  // A pylock.toml has the outcome only.
  const saysExtras = table["packages"] === undefined;
  const raws = packagesOf(table);
  for (const [position, raw] of raws.entries()) {
    const one = found.get(nameOf(raw)) ?? { versions: new Set(), ...(saysExtras && { extras: new Set<string>() }) };
    const version = textOf(raw["version"]);
    if (version !== undefined) one.versions.add(version);
    if (one.versions.size > MAX_VERSIONS) {
      const message = `the lock has more than ${MAX_VERSIONS} versions of ${nameOf(raw)}`;
      throw new UserError(lockProblem(source, "lock.invalid", message, { position, help: "create the lock again" }));
    }
    // PDM has an entry for each set of extras.
    for (const extra of textsOf(raw["extras"])) one.extras?.add(normalizeName(extra));
    found.set(nameOf(raw), one);
  }
  for (const edge of raws.flatMap(uvEdges)) {
    for (const extra of [...textsOf(edge["extra"]), ...textsOf(edge["extras"])]) {
      found.get(nameOf(edge))?.extras?.add(normalizeName(extra));
    }
  }
  // `override-dependencies` and `exclude-dependencies` of its settings.
  const { overrides, excludes } = tableOf(table["manifest"]);
  for (const name of [...tablesOf(overrides).map(nameOf), ...textsOf(excludes).map(normalizeName)]) {
    found.set(name, { versions: new Set() });
  }
  return found;
}

/** All entries of a package of `uv.lock` that name other packages: its dependencies, and the requirements in its metadata. */
function uvEdges(raw: RawTable): readonly RawTable[] {
  const metadata = tableOf(raw["metadata"]);
  return [
    ...tablesOf(raw["dependencies"]),
    ...tablesOf(metadata["requires-dist"]),
    ...[raw["optional-dependencies"], raw["dev-dependencies"], metadata["requires-dev"]].flatMap((parts) =>
      Object.values(tableOf(parts)).flatMap(tablesOf),
    ),
  ];
}

function nameOf(raw: RawTable): string {
  return normalizeName(textOf(raw["name"]) ?? "");
}
