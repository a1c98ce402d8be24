import type { Dependencies, PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { formatRequirement, parseRequirement, type Requirement, RequirementError } from "../config/requirement.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type Place } from "../diagnostic/diagnostic.ts";
import { suggestion } from "../diagnostic/suggest.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import type { LockFacts } from "../facts/find-lock.ts";
import type { RequirementsFiles } from "../facts/requirements-file.ts";
import { lockedProjects } from "../lock/locked-projects.ts";
import { lockedRepositories } from "../lock/locked-repositories.ts";
import { andMarkers } from "./and-markers.ts";
import { checkLock } from "./check-lock.ts";
import { localDependency } from "./local-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import { applySources, checkBuildSources, checkUnappliedSources, type SourceContext } from "./plan-sources.ts";
import type { Report } from "./report.ts";
import { reportUnread } from "./unread.ts";

/** What is installed before the project, in a step of its own. */
export type DependencyPlan =
  /** Normalized PEP 508 texts, sorted, each once. */
  | Readonly<{ kind: "requirements"; requirements: readonly string[] }>
  | Readonly<{ kind: "file"; files: RequirementsFiles }>
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
  if (facts.requirements !== undefined) return { kind: "file", files: facts.requirements };
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
  const found = collectRequirements(stated, context);
  return { kind: "requirements", requirements: [...new Set(found.map(normalizedText))].sort() };
}

type Context = SourceContext & Readonly<{ install: InstallMode }>;

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

function collectRequirements(dependencies: readonly PlacedText[], context: Context): readonly Requirement[] {
  const { project, target, report } = context;
  const { extras, name = "" } = project.metadata;
  const known = new Map([...extras].map(([extra, texts]) => [normalizeName(extra), texts]));
  const requirements = parseAll(project, dependencies, report).flatMap((one) => applySources(one, undefined, context));
  const queue: Asked[] = (target.table.extras ?? []).map((extra) => ({ extra: normalizeName(extra) }));
  const visited = new Set<string>();
  for (const { extra, marker } of queue) {
    if (visited.has(extra) || visited.has(`${extra};${marker}`)) continue;
    visited.add(marker === undefined ? extra : `${extra};${marker}`);
    for (const requirement of parseAll(project, known.get(extra) ?? [], report)) {
      if (normalizeName(requirement.name) !== normalizeName(name))
        requirements.push(...applySources(onlyIf(marker, requirement), extra, context));
      // `all = ["my-project[a,b]"]` means other extras of the project itself. Of conditions in conditions the outermost
      // counts: there could be any number of combinations.
      else
        for (const other of requirement.extras) queue.push(asked(normalizeName(other), marker ?? requirement.marker));
    }
  }
  return requirements;
}

/** An extra whose requirements are wanted, perhaps only where a marker holds. */
type Asked = Readonly<{ extra: string; marker?: string }>;

function asked(extra: string, marker: string | undefined): Asked {
  return marker === undefined ? { extra } : { extra, marker };
}

function onlyIf(marker: string | undefined, requirement: Requirement): Requirement {
  const both = andMarkers(marker, requirement.marker);
  return both === undefined ? requirement : { ...requirement, marker: both };
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

function parseAll(project: PyProject, texts: readonly PlacedText[], report: Report): Requirement[] {
  return texts.flatMap((placed) => parsePlaced(project, placed, report));
}

function parsePlaced(project: PyProject, { text, path }: PlacedText, report: Report): readonly Requirement[] {
  try {
    return [parseRequirement(text)];
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    report.problem({
      code: "requirement.invalid",
      message: `${JSON.stringify(shown)} is not a requirement: ${error.message} (character ${error.offset + 1})`,
      place: atValue(project.source, ...path),
    });
    return [];
  }
}

function normalizedText(requirement: Requirement): string {
  return formatRequirement({
    ...requirement,
    name: normalizeName(requirement.name),
    extras: [...new Set(requirement.extras.map(normalizeName))].sort(),
    specifier: requirement.specifier.split(",").sort().join(","),
  });
}

/** Every requirement that is known before the project is built. */
export function requirementTexts(plan: DependencyPlan): readonly string[] {
  switch (plan.kind) {
    case "requirements":
      return plan.requirements;
    case "file":
      return plan.files.requirements;
    case "locked":
      return plan.repositories;
    case "with-project":
      return [];
  }
}
