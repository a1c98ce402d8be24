import type { PlacedText } from "../config/metadata.ts";
import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { formatRequirement, parseRequirement, type Requirement, RequirementError } from "../config/requirement.ts";
import type { Source } from "../config/sources.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type Place } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import type { ProjectLocation } from "../facts/project-location.ts";
import { holdsNowhere, negateMarker } from "../lock/negate-marker.ts";
import { assertNever } from "../util/assert-never.ts";
import { andMarkers } from "./and-markers.ts";
import { LIST_IT, whyMissing } from "./local-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import type { Report } from "./report.ts";
import { reportSourceIndex } from "./tool-index.ts";

/** What sources are read for. */
export type SourceContext = Readonly<{
  project: PyProject;
  target: Target;
  location: ProjectLocation;
  facts: ContextFacts;
  report: Report;
}>;

/**
 * A requirement in words that pip takes, for each of the sources that a tool gives it: they are no part of the standard, and
 * without them pip would ask the index for a package of that name. As uv does it, a requirement with a URL is left alone,
 * and where no source counts the index is asked.
 *
 * `extra` is the one that the requirement belongs to. What only a lock can do is reported at the source.
 */
export function applySources(
  requirement: Requirement,
  extra: string | undefined,
  context: SourceContext,
): readonly Requirement[] {
  const { project, report } = context;
  if (requirement.url === undefined) checkWorkspace(requirement.name, context);
  const sources = (project.sources.get(normalizeName(requirement.name)) ?? []).filter(
    (source) => source.extra === undefined || source.extra === extra,
  );
  if (requirement.url !== undefined || sources.length === 0) return [requirement];
  const surplus = sources[MAX_SOURCES];
  if (surplus !== undefined) {
    report.problem({
      code: "source.unsupported",
      message: `"${requirement.name}" has ${sources.length} sources; microb reads at most ${MAX_SOURCES} of a dependency`,
      place: atValue(project.source, ...surplus.path),
      help: LOCK_IT[surplus.tool],
    });
    return [];
  }
  const used = sources.flatMap((source) => {
    const marker = andMarkers(requirement.marker, source.marker);
    return holdsNowhere(marker)
      ? []
      : sourced({ ...requirement, ...(marker !== undefined && { marker }) }, source, context);
  });
  const markers = sources.map(({ marker }) => marker);
  if (markers.includes(undefined)) return used;
  let rest: string | undefined = requirement.marker;
  for (const [index, marker = ""] of markers.entries()) {
    const negated = negatedMarker(marker);
    if (negated === undefined) {
      report.problem({
        code: "source.unsupported",
        message: `the marker "${marker}" cannot be negated: pip could not tell when to use the package index instead`,
        place: atValue(project.source, ...(sources[index]?.path ?? [])),
        help: LOCK_IT[sources[index]?.tool ?? "uv"],
      });
      return used;
    }
    rest = andMarkers(rest, negated);
  }
  return holdsNowhere(rest) ? used : [...used, { ...requirement, ...(rest !== undefined && { marker: rest }) }];
}

/** The most sources of a dependency: each becomes a requirement, and each narrows what is left for the index. */
const MAX_SOURCES = 50;

/** Reports a dependency that a member has no source of, and the root of its workspace has. */
function checkWorkspace(name: string, context: SourceContext): void {
  const { project, facts, report } = context;
  const { workspace } = facts;
  const key = normalizeName(name);
  if (workspace === undefined || project.sources.has(key)) return;
  const place = atKey(project.source, ...project.metadata.path, "dependencies");
  for (const index of workspace.indexes.get(key) ?? []) reportSourceIndex(name, { tool: "uv", place }, index, context);
  if (!workspace.sources.has(key)) return;
  report.problem({
    code: "source.unsupported",
    message: `"${name}" has a source in ${workspace.filename}, and without a lock it would come from the package index`,
    place,
    help: `${LOCK_IT.uv}. The uv.lock of a workspace may be in a directory above`,
  });
}

/** Whose a source is, and where it stands. */
function placed({ tool, path }: Source, { project }: SourceContext): Readonly<{ tool: Source["tool"]; place: Place }> {
  return { tool, place: atValue(project.source, ...path) };
}

function negatedMarker(marker: string): string | undefined {
  try {
    return negateMarker(marker);
  } catch {
    return undefined;
  }
}

function sourced(requirement: Requirement, source: Source, context: SourceContext): readonly Requirement[] {
  switch (source.place.kind) {
    case "url": {
      const placed = { ...requirement, specifier: "", url: source.place.url };
      return wellFormed(placed, source, context);
    }
    case "index":
      reportSourceIndex(requirement.name, placed(source, context), source.place.index, context);
      return wellFormed(requirement, source, context);
    case "path":
    case "workspace":
    case "unknown":
      reportUnreachable(requirement.name, source, context);
      return [];
    default:
      return assertNever(source.place);
  }
}

/** A requirement with a URL and a marker that may be anything. */
function wellFormed(
  requirement: Requirement,
  source: Source,
  { project, report }: SourceContext,
): readonly Requirement[] {
  try {
    return [parseRequirement(formatRequirement(requirement))];
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    const message = `the source of "${requirement.name}" cannot be used: ${error.message}`;
    report.problem({ code: "requirement.invalid", message, place: atValue(project.source, ...source.path) });
    return [];
  }
}

/** Reports a source that an installation without a lock cannot take a package from. */
function reportUnreachable(name: string, source: Source, context: SourceContext): void {
  const place: Place = atValue(context.project.source, ...source.path);
  context.report.problem({
    code: "source.unsupported",
    message: `"${name}" ${WHERE[source.place.kind](source)}, and without a lock it would come from the package index`,
    place,
    help: remedy(source, context),
  });
}

const WHERE: Readonly<Record<Source["place"]["kind"], (source: Source) => string>> = {
  path: ({ place }) => `is in "${place.kind === "path" ? place.path : ""}"`,
  workspace: () => "is a member of the workspace",
  index: () => "has an index of its own",
  url: () => "has a URL of its own",
  unknown: () => "has a source that pip cannot use",
};

const LOCK_IT: Readonly<Record<Source["tool"], string>> = {
  uv: "run uv lock: with a uv.lock next to the build file, microb uses the same sources as uv",
  Poetry: "list the path in a requirements file, such as ./libs/core, and name the file with the requirements key",
};

function remedy({ tool, place }: Source, { project, target, location }: SourceContext): string {
  if (target.table.lock === false) return "remove lock = false: the lock says where it is";
  if (place.kind !== "workspace" || location.directory !== "" || project.isWorkspaceRoot) return LOCK_IT[tool];
  return `build from the root of the workspace, where uv.lock is, and name this file by its directory there: docker build -f DIRECTORY/${location.buildFile} .`;
}

type Unapplied = SourceContext & Readonly<{ install: InstallMode }>;

/**
 * Reports sources that cannot be applied since the backend hands the dependencies to pip: of the names in `texts`, or of all
 * that nothing but the backend can ask for if it alone knows them. Poetry's own backend knows its sources, as long as they
 * are below the project.
 */
export function checkUnappliedSources(texts: readonly PlacedText[] | undefined, context: Unapplied): void {
  const { project, target } = context;
  const { metadata, groups, sources } = project;
  const chosen = new Set((target.table.extras ?? []).map(normalizeName));
  const ofGroups = new Set([...groups.values()].flatMap(({ requirements }) => requirements.flatMap(nameOf)));
  const names = texts === undefined ? [...sources.keys()].filter((name) => !ofGroups.has(name)) : texts.flatMap(nameOf);
  for (const name of new Set(names)) {
    for (const source of sources.get(name) ?? []) {
      const { place, tool, extra, isOptional, marker } = source;
      const isAsked = extra === undefined ? isOptional !== true || chosen.size > 0 : chosen.has(extra);
      if (!isAsked || holdsNowhere(marker)) continue;
      if (place.kind === "index") reportSourceIndex(name, placed(source, context), place.index, context);
      else if (metadata.path[0] !== "tool" || tool !== "Poetry") reportUnreachable(name, source, context);
      else if (place.kind === "path") reportMissing(place.path, source, context);
    }
  }
}

/** Reports a path that the project's own backend looks for, and its build does not have. */
function reportMissing(path: string, source: Source, context: Unapplied): void {
  const missing = context.install === "source" ? undefined : whyMissing(path, context);
  if (missing === undefined) return;
  const place = atValue(context.project.source, ...source.path);
  context.report.problem({ code: "requirement.local", message: `"${path}" ${missing}`, place, help: LIST_IT });
}

/** Reports sources of what building the project requires: pip builds it, in an environment that it fills from the index. */
export function checkBuildSources(context: SourceContext): void {
  const { project, report } = context;
  for (const name of (project.buildRequires ?? []).flatMap((text) => nameOf({ text, path: [] }))) {
    for (const { tool, place, path, extra, marker } of project.sources.get(name) ?? []) {
      if (tool !== "uv" || place.kind === "index" || extra !== undefined || holdsNowhere(marker)) continue;
      report.problem({
        code: "source.unsupported",
        message: `"${name}" is needed to build the project, but pip does not use its source in [tool.uv.sources]`,
        place: atValue(project.source, ...path),
        help: `write the URL into build-system.requires: "${name} @ git+https://…", or set install = "source"`,
      });
    }
  }
}

function nameOf({ text }: PlacedText): readonly string[] {
  try {
    const { name, url } = parseRequirement(text);
    return url === undefined ? [normalizeName(name)] : [];
  } catch {
    return [];
  }
}
