import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { parseRequirement } from "../config/requirement.ts";
import { inProject, type ProjectLocation } from "../facts/project-location.ts";

/** Build requirements that read the version from the repository's history. */
const HISTORY_READERS = new Set([
  "dunamai",
  "hatch-vcs",
  "pbr",
  "poetry-dynamic-versioning",
  "setuptools-git-versioning",
  "setuptools-scm",
  "uv-dynamic-versioning",
  "vcs-versioning",
  "versioneer",
  "versioningit",
]);

/** What is never part of a project's source, in the syntax of `.dockerignore`. Sorted. */
export function planExclude(project: PyProject, location: ProjectLocation): readonly string[] {
  const keepHistory = (project.buildRequires ?? []).some(readsHistory);
  const own = [...(keepHistory ? [] : [".git"]), ".venv", "build", "dist"].map((path) => inProject(location, path));
  return ["**/*.egg-info", "**/__pycache__", ...own];
}

function readsHistory(requirement: string): boolean {
  try {
    return HISTORY_READERS.has(normalizeName(parseRequirement(requirement).name));
  } catch {
    // pip will say what is wrong with it; keeping more than needed is the safe answer.
    return true;
  }
}
