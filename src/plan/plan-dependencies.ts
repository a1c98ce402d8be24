import type { PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { formatRequirement, parseRequirement, type Requirement, RequirementError } from "../config/requirement.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { suggestion } from "../diagnostic/suggest.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import type { RequirementsFiles } from "../facts/requirements-file.ts";
import type { Report } from "./report.ts";

/** What is installed before the project, in a step of its own. */
export type DependencyPlan =
  /** Normalized PEP 508 texts, sorted, each once. */
  | Readonly<{ kind: "requirements"; requirements: readonly string[] }>
  | Readonly<{ kind: "file"; files: RequirementsFiles }>
  /** Only building the project tells: they are installed together with it, and with these extras. */
  | Readonly<{ kind: "with-project"; extras: readonly string[] }>;

/** Finds out what the target needs. Problems are reported at their entries. */
export function planDependencies(
  project: PyProject,
  target: Target,
  facts: ContextFacts,
  report: Report,
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
  if (facts.requirements !== undefined) return { kind: "file", files: facts.requirements };
  const { dependencies } = project.metadata;
  if (dependencies.kind === "dynamic") {
    report.warn({
      code: "project.dynamic",
      message: `${dependencies.reason}: they are installed together with the project, and again after every change of it`,
      place: atValue(project.source, ...dependencies.path),
      help: "declare project.dependencies, or name a lock with the requirements key",
    });
    return { kind: "with-project", extras: extras.map(normalizeName).sort() };
  }
  const found = collectRequirements(project, target, dependencies.requirements, report);
  return { kind: "requirements", requirements: [...new Set(found.map(normalizedText))].sort() };
}

function collectRequirements(
  project: PyProject,
  target: Target,
  dependencies: readonly PlacedText[],
  report: Report,
): readonly Requirement[] {
  const known = new Map([...project.metadata.extras].map(([extra, texts]) => [normalizeName(extra), texts]));
  const parse = (texts: readonly PlacedText[]): readonly Requirement[] =>
    texts.flatMap((placed) => parsePlaced(project, placed, report));
  const requirements = [...parse(dependencies)];
  const visited = new Set<string>();
  const addExtra = (extra: string): void => {
    if (visited.has(extra)) return;
    visited.add(extra);
    for (const requirement of parse(known.get(extra) ?? [])) {
      // `all = ["my-project[a,b]"]` means other extras of the project itself.
      if (normalizeName(requirement.name) !== normalizeName(project.metadata.name ?? ""))
        requirements.push(requirement);
      else for (const other of requirement.extras) addExtra(normalizeName(other));
    }
  };
  for (const [index, extra] of (target.table.extras ?? []).entries()) {
    if (known.has(normalizeName(extra))) addExtra(normalizeName(extra));
    else {
      report.problem({
        code: "extra.unknown",
        message: `the project has no extra "${extra}"`,
        place: atValue(project.source, ...target.path, "extras", index),
        help: suggestion(extra, [...project.metadata.extras.keys()], "extras"),
      });
    }
  }
  return requirements;
}

function parsePlaced(project: PyProject, { text, path }: PlacedText, report: Report): readonly Requirement[] {
  try {
    return [parseRequirement(text)];
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    report.problem({
      code: "requirement.invalid",
      message: `"${shown}" is not a requirement: ${error.message} (character ${error.offset + 1})`,
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

/** The tools that fetching these requirements takes besides pip. */
export function versionControlPackages(plan: DependencyPlan): readonly string[] {
  const texts = plan.kind === "requirements" ? plan.requirements : plan.kind === "file" ? plan.files.requirements : [];
  const uses = (scheme: RegExp): boolean => texts.some((text) => scheme.test(text));
  return [...(uses(/(?:^|@\s*)git\+/) ? ["git"] : []), ...(uses(/(?:^|@\s*)git\+ssh:/) ? ["openssh-client"] : [])];
}
