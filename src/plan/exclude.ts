import type { PyProject } from "../config/py-project.ts";
import { parseRequirement } from "../config/requirement.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import {
  ENVIRONMENT_MARK,
  ENVIRONMENT_NAMES,
  LEFT_BY_TOOLS,
  NEVER_COPIED,
  SECRET_EXAMPLES,
  SECRET_FILES,
} from "../facts/not-copied.ts";
import { pathMatcher } from "../facts/path-matcher.ts";
import { inProject } from "../facts/project-location.ts";
import type { Stage } from "./image-plan.ts";
import type { InstallMode } from "./plan-install.ts";
import { contextPaths } from "./used-paths.ts";

/**
 * What is also left out of a program that is copied as it is. It is not left out of a package: its build backend may read
 * or pack any of it.
 */
const NOT_OF_A_PROGRAM: readonly string[] = [
  ...["**/.DS_Store", "**/.ipynb_checkpoints", "**/node_modules", "*.dockerignore", "*.sqlite3", "*.sqlite3-journal"],
  ...[".coverage", ".devcontainer", ".github", ".gitlab-ci.yml", ".hypothesis", ".idea", ".vscode", "Dockerfile"],
  ...["Dockerfile-*", "Dockerfile.*", "compose*.yaml", "compose*.yml", "docker-compose*.yaml", "docker-compose*.yml"],
  "htmlcov",
  ...SECRET_FILES,
];

/** What the patterns for a context depend on. */
export type ExcludeQuery = Readonly<{
  project: PyProject;
  facts: ContextFacts;
  install: InstallMode;
  /** The steps that will read the context. */
  stages: readonly Stage[];
}>;

/**
 * What never enters a copy of the context, in the syntax of `.dockerignore`, sorted; then the exceptions: examples of secret
 * files, and paths that the target names.
 */
export function planExclude({ project, facts, install, stages }: ExcludeQuery): readonly string[] {
  const own = (name: string): string => inProject(facts.location, name);
  const isSource = install === "source";
  const environments = ENVIRONMENT_NAMES.filter((name) => facts.found?.has(own(`${name}/${ENVIRONMENT_MARK}`)));
  const patterns = [
    ...(readsHistory(project, facts, install) ? [] : [isSource ? "**/.git" : ".git"]),
    ...LEFT_BY_TOOLS,
    ...(isSource ? [...NOT_OF_A_PROGRAM, ...environments] : []),
  ].map(own);
  const excluded = [...NEVER_COPIED, ...new Set(patterns)].sort();
  const isExcluded = pathMatcher(excluded);
  const named = contextPaths(stages).filter((path) => isExcluded(path) !== undefined);
  const back = [...(isSource ? SECRET_EXAMPLES.map(own) : []), ...named];
  return [...excluded, ...[...new Set(back)].sort().map((path) => `!${path}`)];
}

/** Whether building the project reads the history of its repository. */
export function readsHistory(
  { history, buildRequires = [] }: PyProject,
  facts: ContextFacts,
  install: InstallMode,
): boolean {
  const isRead = history !== undefined || facts.setupReadsHistory === true;
  return install === "package" && (isRead || buildRequires.some(isUnreadable));
}

/** pip will report such a requirement; until then, the history is kept in case it is needed. */
function isUnreadable(requirement: string): boolean {
  try {
    parseRequirement(requirement);
    return false;
  } catch {
    return true;
  }
}
