import { meets } from "../config/meets.ts";
import type { PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { parseRequirement, type Requirement } from "../config/requirement.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import type { Report } from "./report.ts";

/** The versions that a lock has of each project, by its normalized name; none of one whose version only a build tells. */
export type LockedVersions = ReadonlyMap<string, readonly string[]>;

/**
 * Reports the first requirement of the build file that a lock does not satisfy. Requirements with a marker may not be
 * in a lock for one platform, and do not count.
 */
export function checkLock(
  project: PyProject,
  target: Target,
  { filename, versions, report }: Readonly<{ filename: string; versions: LockedVersions; report: Report }>,
): void {
  if (target.table.member !== undefined) return;
  for (const { text, path } of required(project, target)) {
    const requirement = parsed(text);
    if (requirement === undefined || requirement.marker !== undefined) continue;
    const missing = problemWith(requirement, versions.get(normalizeName(requirement.name)));
    if (missing === undefined) continue;
    report.problem({
      code: "lock.stale",
      message: `${filename} does not satisfy "${text}": ${missing}`,
      place: atValue(project.source, ...path),
      help: "bring the lock up to date (uv lock, pdm lock, pip lock), or set lock = false",
    });
    return;
  }
}

function required({ metadata }: PyProject, { table }: Target): readonly PlacedText[] {
  const own =
    table.only_groups === undefined && metadata.dependencies.kind === "static"
      ? metadata.dependencies.requirements
      : [];
  const extras = new Set((table.extras ?? []).map(normalizeName));
  const chosen = [...metadata.extras].filter(([extra]) => extras.has(normalizeName(extra)));
  const isOther = ({ text }: PlacedText): boolean =>
    normalizeName(parsed(text)?.name ?? "") !== normalizeName(metadata.name ?? "");
  return [...own, ...chosen.flatMap(([, requirements]) => requirements)].filter(isOther);
}

/** What is no requirement is reported by those who read it. */
function parsed(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch {
    return undefined;
  }
}

function problemWith({ name, specifier }: Requirement, versions: readonly string[] | undefined): string | undefined {
  if (versions === undefined) return `it has no ${name}`;
  if (specifier === "" || versions.length === 0) return undefined;
  const fits = versions.some((version) => meets(version, specifier));
  return fits ? undefined : `it has ${name} ${versions.join(", ")}`;
}
