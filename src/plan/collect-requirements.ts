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
  const { extras, name = "" } = project.metadata;
  const known = new Map([...extras].map(([extra, texts]) => [normalizeName(extra), texts]));
  const requirements = parseAll(project, dependencies, report)
    .filter(isMeant)
    .flatMap((one) => applySources(one, undefined, context));
  const queue: Asked[] = (target.table.extras ?? []).map((extra) => ({ extra: normalizeName(extra) }));
  const visited = new Set<string>();
  for (const { extra, marker } of queue) {
    if (visited.has(extra) || visited.has(`${extra};${marker}`)) continue;
    visited.add(marker === undefined ? extra : `${extra};${marker}`);
    for (const requirement of parseAll(project, known.get(extra) ?? [], report)) {
      if (normalizeName(requirement.name) !== normalizeName(name)) {
        if (isMeant(requirement)) requirements.push(...applySources(onlyIf(marker, requirement), extra, context));
        continue;
      }
      // `all = ["my-project[a,b]"]` means other extras of the project itself. Of conditions in conditions the outermost
      // counts: there could be any number of combinations.
      for (const other of requirement.extras) queue.push(asked(normalizeName(other), marker ?? requirement.marker));
    }
  }
  return [...new Set(requirements.map(normalizedText))].sort();
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
