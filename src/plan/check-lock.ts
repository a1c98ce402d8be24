import { groupRequirements } from "../config/dependency-groups.ts";
import { meets } from "../config/meets.ts";
import type { PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { parseRequirement, type Requirement } from "../config/requirement.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import type { LockedProject, LockedProjects } from "../lock/locked-projects.ts";
import type { Report } from "./report.ts";

/**
 * Reports the first requirement of the build file that a lock does not satisfy. Requirements with a marker may not be
 * in a lock for one platform, and do not count.
 */
export function checkLock(
  project: PyProject,
  target: Target,
  { filename, projects, report }: Readonly<{ filename: string; projects: LockedProjects; report: Report }>,
): void {
  if (target.table.member !== undefined) return;
  for (const { text, path } of required(project, target)) {
    const requirement = parsed(text);
    if (requirement === undefined || requirement.marker !== undefined) continue;
    const missing = problemWith(requirement, projects.get(normalizeName(requirement.name)));
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

function required({ metadata, groups }: PyProject, { table }: Target): readonly PlacedText[] {
  const own =
    table.only_groups === undefined && metadata.dependencies.kind === "static"
      ? metadata.dependencies.requirements
      : [];
  const extras = new Set((table.extras ?? []).map(normalizeName));
  const chosen = [...metadata.extras].filter(([extra]) => extras.has(normalizeName(extra)));
  const grouped = groupRequirements(groups, table.only_groups ?? table.groups ?? []);
  const isOther = ({ text }: PlacedText): boolean =>
    normalizeName(parsed(text)?.name ?? "") !== normalizeName(metadata.name ?? "");
  return [...own, ...chosen.flatMap(([, requirements]) => requirements), ...grouped].filter(isOther);
}

/** What is no requirement is reported by those who read it. */
function parsed(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch {
    return undefined;
  }
}

function problemWith({ name, specifier, extras }: Requirement, locked: LockedProject | undefined): string | undefined {
  if (locked === undefined) return `it has no ${name}`;
  const { extras: known } = locked;
  const versions = [...locked.versions];
  const missing = extras.map(normalizeName).find((extra) => known?.has(extra) === false);
  if (missing !== undefined) return `it has ${name} without ${missing}`;
  if (specifier === "" || versions.length === 0) return undefined;
  const fits = versions.some((version) => meets(version, specifier));
  return fits ? undefined : `it has ${name} ${versions.join(", ")}`;
}
