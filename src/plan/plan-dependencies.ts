import type { Dependencies, PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { parseRequirement, type Requirement, RequirementError } from "../config/requirement.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type Place } from "../diagnostic/diagnostic.ts";
import { suggestion } from "../diagnostic/suggest.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import type { LockFacts } from "../facts/find-lock.ts";
import type { RequirementsFiles } from "../facts/requirements-file.ts";
import { lockedProjects } from "../lock/locked-projects.ts";
import { lockedRepositories } from "../lock/locked-repositories.ts";
import { checkLock } from "./check-lock.ts";
import { collectRequirements } from "./collect-requirements.ts";
import { localDependency } from "./local-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import { checkBuildSources, checkUnappliedSources, type SourceContext } from "./plan-sources.ts";
import type { Report } from "./report.ts";
import { reportUnread } from "./unread.ts";

/** What is installed before the project, in a step of its own. */
export type DependencyPlan =
  /** Normalized PEP 508 texts, sorted, each once. */
  | Readonly<{ kind: "requirements"; requirements: readonly string[] }>
  /** With what the project requires besides; with `extras` that is known to its build only. */
  | Readonly<{
      kind: "file";
      files: RequirementsFiles;
      requirements: readonly string[];
      extras?: readonly string[];
    }>
  /** A lock says which files; some may come from repositories. */
  | Readonly<{ kind: "locked"; lock: LockFacts; repositories: readonly string[] }>
  /** Only building the project tells: they are installed together with it, and with these extras. */
  | Readonly<{ kind: "with-project"; extras: readonly string[] }>;

/** Plans how the dependencies of the target are installed. Problems are reported at their entries. */
export function planDependencies(
  project: PyProject,
  target: Target,
  { facts, install, report }: Readonly<{ facts: ContextFacts; install: InstallMode; report: Report }>,
): DependencyPlan {
  const { extras = [], requirements } = target.table;
  if (requirements !== undefined && extras.length > 0) {
    report.problem({
      code: "key.conflict",
      message: "extras and requirements exclude each other",
      place: atValue(project.source, ...target.path, "extras"),
      help: "a requirements file replaces the project's dependencies: list the extras' packages there",
    });
  }
  checkLockKeys(project, target, facts, report);
  const context = { project, target, location: facts.location, report, facts, install };
  if (install === "package") checkBuildSources(context);
  for (const warning of [facts.requirements, facts.dynamicDependencies].flatMap((files) => files?.warnings ?? []))
    report.warn(warning);
  if (facts.requirements !== undefined) return planFile(facts.requirements, context);
  const { dependencies, extrasAreDynamic } = project.metadata;
  if (!extrasAreDynamic) checkExtras(project, target, report);
  if (facts.lock !== undefined) {
    const { source } = facts.lock;
    checkLock(project, target, { filename: source.filename, projects: lockedProjects(source), report });
    return { kind: "locked", lock: facts.lock, repositories: lockedRepositories(source) };
  }
  reportUnread(context);
  const stated = statedDependencies(dependencies, facts);
  const local = localDependency([...(stated ?? []), ...extraTexts(project, target)], context);
  const unstated = whatIsDynamic(project, target, stated !== undefined);
  if (stated === undefined || unstated !== undefined || local !== undefined) {
    reportWithProject(local, unstated, context);
    checkUnappliedSources(stated, context);
    return { kind: "with-project", extras: extras.map(normalizeName).sort() };
  }
  return { kind: "requirements", requirements: collectRequirements(stated, context) };
}

type Context = SourceContext & Readonly<{ install: InstallMode }>;

/**
 * A requirements file, and what the project requires if a line of the file names it, as pip has it. What the file pins
 * decides; exports pin everything.
 */
function planFile(files: RequirementsFiles, { project, target, ...rest }: Context): DependencyPlan {
  const none = { kind: "file", files, requirements: [] } as const;
  if (files.project === undefined) return none;
  const { extras, place } = files.project;
  const { facts, report } = rest;
  const context = { ...rest, project, target: { ...target, table: { ...target.table, extras: [...extras] } } };
  const known = new Set([...project.metadata.extras.keys()].map(normalizeName));
  for (const extra of project.metadata.extrasAreDynamic ? [] : extras.filter((one) => !known.has(normalizeName(one)))) {
    const help = suggestion(extra, [...project.metadata.extras.keys()], "extras");
    report.problem({ code: "extra.unknown", message: `the project has no extra "${extra}"`, place, help });
  }
  const stated = statedDependencies(project.metadata.dependencies, facts);
  const local = localDependency([...(stated ?? []), ...extraTexts(project, context.target)], context);
  const unstated = whatIsDynamic(project, context.target, stated !== undefined);
  if (stated === undefined || unstated !== undefined || local !== undefined) {
    // With hashes pip installs nothing that is not in the file.
    if (files.hasHashes) return none;
    reportWithProject(local, unstated && { ...unstated, place, help: LIST_THEM }, context);
    return { ...none, extras: extras.map(normalizeName).sort() };
  }
  const requirements = collectRequirements(stated, context, (one) => !isListed(one, files, project));
  if (!files.hasHashes) return { ...none, requirements };
  // Nobody knows the names of what directories have.
  if (files.locals.some(({ isProject, kind }) => !isProject && kind === "directory")) return none;
  for (const text of requirements)
    report.problem({
      code: "requirement.invalid",
      message: `the project requires "${text}", which ${files.paths[0]} does not have`,
      place,
      help: "list it with its hash: in a file with hashes everything has one",
    });
  return none;
}

const LIST_THEM = "list them in the requirements file, or declare project.dependencies";

/** Whether a file leaves no choice about a requirement of the project: it pins it, or names the directory that has it. */
function isListed({ name }: Requirement, files: RequirementsFiles, { sources }: PyProject): boolean {
  const key = normalizeName(name);
  const isLocal = sources.get(key)?.some(({ place: { kind } }) => kind === "path" || kind === "workspace") === true;
  if (isLocal && files.locals.some(({ isProject, kind }) => !isProject && kind !== "links")) return true;
  return files.requirements.some((text) => {
    const listed = parsed(text);
    return (
      listed !== undefined &&
      normalizeName(listed.name) === key &&
      (listed.url !== undefined || /^===?(?!.*\*)/.test(listed.specifier))
    );
  });
}

/** Lines may be paths or URLs. */
function parsed(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    return undefined;
  }
}

/** Reports why dependencies are installed together with the project: one is a path in it, or only its build knows them. */
function reportWithProject(
  local: PlacedText | undefined,
  unstated: Unstated | undefined,
  { project, install, report }: Context,
): void {
  if (local !== undefined) {
    report.warn({
      code: "project.dynamic",
      message:
        "a dependency is a path in the project: all dependencies are installed together with the project, and again after every change of it",
      place: atValue(project.source, ...local.path),
      help: "with a lock (uv.lock, pylock.toml or pdm.lock), the other dependencies have layers of their own",
    });
  }
  if (unstated === undefined) return;
  const { reason, ...found } = unstated;
  if (install === "source") {
    const message = `${reason}: they are known only when the project is built, but it is copied as source`;
    report.problem({ code: "project.dynamic", message, ...found });
  } else if (local === undefined) {
    const message = `${reason}: all dependencies are installed together with the project, and again after every change of it`;
    report.warn({ code: "project.dynamic", message, ...found });
  }
}

/** The requirements of the extras that are asked for, by name only. */
function extraTexts({ metadata }: PyProject, { table }: Target): readonly PlacedText[] {
  const wanted = new Set((table.extras ?? []).map(normalizeName));
  return [...metadata.extras].flatMap(([extra, texts]) => (wanted.has(normalizeName(extra)) ? texts : []));
}

/** Reports keys that exclude each other, or have no effect with or without a lock. */
function checkLockKeys(project: PyProject, target: Target, { lock }: ContextFacts, report: Report): void {
  const { table, path } = target;
  const place = (key: string): Place => atKey(project.source, ...path, key);
  if (table.requirements !== undefined && table.lock) {
    report.problem({
      code: "key.conflict",
      message: "lock and requirements exclude each other",
      place: place("requirements"),
      also: place("lock"),
      help: "each lists everything that is installed: remove one of them",
    });
  }
  if (lock === undefined) {
    const help = "name a lock with the lock key, or put one next to the build file: uv.lock, pylock.toml or pdm.lock";
    for (const key of LOCK_KEYS.filter((one) => table[one] !== undefined)) {
      report.problem({
        code: "key.conflict",
        message: `${key} needs a lock, and there is none`,
        place: place(key),
        help,
      });
    }
    return;
  }
  if (table.installer !== undefined) {
    report.problem({
      code: "key.conflict",
      message: "installer is for builds without a lock, but this build has one",
      place: place("installer"),
      help: "microb itself installs the files of a lock: remove installer, or set lock = false",
    });
  }
  if (table.groups !== undefined && table.only_groups !== undefined) {
    report.problem({
      code: "key.conflict",
      message: "groups and only_groups exclude each other",
      place: place("groups"),
      also: place("only_groups"),
      help: "groups adds to the project's dependencies; only_groups replaces them",
    });
  }
  if (table.slim?.includes("symbols")) {
    report.problem({
      code: "key.conflict",
      message: 'slim = ["symbols"] needs tools that builds from a lock do not have',
      place: place("slim"),
      help: 'remove "symbols", or set lock = false',
    });
  }
}

const LOCK_KEYS = ["groups", "only_groups", "member"] as const;

/** The dependencies as far as they can be read: from the build file, or from the files that it names for setuptools. */
function statedDependencies(dependencies: Dependencies, facts: ContextFacts): readonly PlacedText[] | undefined {
  if (dependencies.kind === "static") return dependencies.requirements;
  return facts.dynamicDependencies?.requirements.map((text) => ({ text, path: dependencies.path }));
}

type Unstated = Readonly<{ reason: string; place: Place; help: string }>;

/** What is known only after the project is built: the dependencies, or those of a chosen extra. */
function whatIsDynamic({ metadata, source }: PyProject, target: Target, isStated: boolean): Unstated | undefined {
  const { dependencies, extras, extrasAreDynamic } = metadata;
  if (dependencies.kind === "dynamic" && !isStated) {
    const { reason, place = atValue(source, ...dependencies.path) } = dependencies;
    return { reason, place, help: "declare project.dependencies, or name a lock with the requirements key" };
  }
  if (!extrasAreDynamic) return undefined;
  const known = new Set([...extras.keys()].map(normalizeName));
  const asked = target.table.extras ?? [];
  const index = asked.findIndex((extra) => !known.has(normalizeName(extra)));
  if (index < 0) return undefined;
  return {
    reason: `the dependencies of the extra "${asked[index]}" are dynamic`,
    place: atValue(source, ...target.path, "extras", index),
    help: "declare project.optional-dependencies, or make a lock",
  };
}

function checkExtras(project: PyProject, target: Target, report: Report): void {
  const known = new Set([...project.metadata.extras.keys()].map(normalizeName));
  for (const [index, extra] of (target.table.extras ?? []).entries()) {
    if (known.has(normalizeName(extra))) continue;
    report.problem({
      code: "extra.unknown",
      message: `the project has no extra "${extra}"`,
      place: atValue(project.source, ...target.path, "extras", index),
      help: suggestion(extra, [...project.metadata.extras.keys()], "extras"),
    });
  }
}

/** Every requirement that is known before the project is built. */
export function requirementTexts(plan: DependencyPlan): readonly string[] {
  switch (plan.kind) {
    case "requirements":
      return plan.requirements;
    case "file":
      return [...plan.files.requirements, ...plan.requirements];
    case "locked":
      return plan.repositories;
    case "with-project":
      return [];
  }
}
