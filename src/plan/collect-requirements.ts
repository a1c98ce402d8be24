import type { PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { formatRequirement, parseRequirement, type Requirement, RequirementError } from "../config/requirement.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { shorten } from "../util/mask.ts";
import { andMarkers } from "./and-markers.ts";
import { applySources, type SourceContext } from "./plan-sources.ts";
import type { Report } from "./report.ts";

/**
 * The requirements of a project and of the extras that its target asks for, as pip takes them: sorted, each once. Those that
 * `isMeant` is false for are left out. Problems are reported at their entries.
 */
export function collectRequirements(
  dependencies: readonly PlacedText[],
  context: SourceContext,
  isMeant: (requirement: Requirement) => boolean = () => true,
): readonly string[] {
  const { project, target, report } = context;
  const collected = new Set<string>();
  let size = 0;
  const add = (requirement: Requirement, extra?: string): void => {
    if (size > MAX_SIZE) return;
    for (const one of applySources(requirement, extra, context)) {
      const text = normalizedText(one);
      size += collected.has(text) ? 0 : text.length;
      collected.add(text);
    }
  };
  for (const one of parseAll(project, dependencies, report)) if (isMeant(one)) add(one);
  const queue: Asked[] = (target.table.extras ?? []).map((extra) => ({ extra: normalizeName(extra) }));
  const visited = new Set<string>();
  const parts = partsReader(project, report, isMeant);
  let ways = 0;
  for (const { extra, marker } of queue) {
    if (visited.has(extra) || visited.has(`${extra};${marker}`)) continue;
    visited.add(marker === undefined ? extra : `${extra};${marker}`);
    const { others, own } = parts(extra);
    for (const requirement of others) add(onlyIf(marker, requirement), extra);
    // `all = ["my-project[a,b]"]` means other extras of the project itself. Of conditions in conditions the outermost
    // counts: there could be any number of combinations.
    for (const one of own) queue.push(asked(one.extra, marker ?? one.marker));
    ways += marker === undefined ? 0 : 1 + own.length;
    if (ways > MAX_WAYS || size > MAX_SIZE) {
      reportExtras(context);
      break;
    }
  }
  return [...collected].sort();
}

/** The most extras under conditions: each condition of each extra is a way of its own to all that it asks for. */
const MAX_WAYS = 10_000;

/** The most characters of requirements: eight times what one command can take. */
const MAX_SIZE = 1 << 20;

/** A function that reads an extra, once: what it requires, and which other extras of the project it asks for. */
function partsReader(
  project: PyProject,
  report: Report,
  isMeant: (requirement: Requirement) => boolean,
): (extra: string) => Readonly<{ others: readonly Requirement[]; own: readonly Asked[] }> {
  const { extras, name = "" } = project.metadata;
  const texts = new Map([...extras].map(([extra, some]) => [normalizeName(extra), some]));
  const known = new Map<string, ReturnType<ReturnType<typeof partsReader>>>();
  return (extra) => {
    const all = known.has(extra) ? [] : parseAll(project, texts.get(extra) ?? [], report);
    const isOwn = (one: Requirement): boolean => normalizeName(one.name) === normalizeName(name);
    const own = all.filter(isOwn).flatMap((one) => one.extras.map((other) => asked(normalizeName(other), one.marker)));
    const parts = known.get(extra) ?? { others: all.filter((one) => !isOwn(one) && isMeant(one)), own };
    known.set(extra, parts);
    return parts;
  };
}

function reportExtras({ project, target, report }: SourceContext): void {
  report.problem({
    code: "requirement.invalid",
    message: `the extras ask for each other in more than ${MAX_WAYS} ways, or for more than ${MAX_SIZE} characters of requirements`,
    place: atValue(project.source, ...target.path, "extras"),
    help: "name the extras that are wanted in the target, without conditions, or make a lock",
  });
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

function parseAll(project: PyProject, texts: readonly PlacedText[], report: Report): Requirement[] {
  return texts.flatMap((placed) => parsePlaced(project, placed, report));
}

function parsePlaced(project: PyProject, { text, path }: PlacedText, report: Report): readonly Requirement[] {
  try {
    return [parseRequirement(text)];
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    report.problem({
      code: "requirement.invalid",
      message: `${JSON.stringify(shorten(text))} is not a requirement: ${error.message} (character ${error.offset + 1})`,
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
