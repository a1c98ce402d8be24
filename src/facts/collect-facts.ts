import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import type { TargetTable } from "../config/schema.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { boundedReader, MAX_LIST, MAX_TEXT } from "./bounded-reader.ts";
import type { ContextReader, PathKind } from "./context-reader.ts";
import { findLocals } from "./find-locals.ts";
import { findLock, type LockFacts } from "./find-lock.ts";
import { findUvSettings, type UvFacts } from "./find-uv-settings.ts";
import { findWorkspace, type Workspace } from "./find-workspace.ts";
import { foundPaths } from "./found-paths.ts";
import { givenPaths } from "./given-paths.ts";
import type { IgnoreFile } from "./ignore-file.ts";
import { mayBeSource } from "./may-be-source.ts";
import { PYTHON_VERSION_FILE, SETUP_FILES, UNREAD_LOCKS, WORKSPACE_FILE, WORKSPACE_LOCK } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";
import { type RequirementsBeside, readRequirementsBeside } from "./requirements-beside.ts";
import { type RequirementsFiles, type RequirementsReading, readRequirements } from "./requirements-file.ts";
import type { RequirementsContext } from "./resolve-local.ts";
import { hasSourceLayout, readStartFiles } from "./start-files.ts";

/** The facts about the build context that a plan depends on. */
export type ContextFacts = Readonly<{
  location: ProjectLocation;
  /** What the user leaves out of the context; without an ignore file nothing is left out. */
  ignore?: IgnoreFile;
  /** Whether the build file comes from outside of the context and is put into it. */
  isFromElsewhere?: boolean;
  pythonVersionFile?: SourceText;
  requirements?: RequirementsFiles;
  /** The dependencies that setuptools reads from files (`dynamic = ["dependencies"]`). */
  dynamicDependencies?: RequirementsFiles;
  /** The extras that setuptools reads from files, if any is chosen. */
  dynamicExtras?: ReadonlyMap<string, RequirementsFiles>;
  /** The project's setup.cfg and setup.py, which make a package without `[build-system]`. */
  setupFiles: readonly SourceText[];
  /** Whether one of them reads the history of the repository. */
  setupReadsHistory?: boolean;
  /** Whether none of the files exists in which Poetry looks for a module with the project's name; set if it matters. */
  hasNoModule?: boolean;
  /** The lock that decides on the dependencies. */
  lock?: LockFacts;
  /** The paths that are in the context, of those that planning asked for. */
  found?: ReadonlySet<string>;
  requirementsBeside?: RequirementsBeside;
  /** Without a lock: the names of locks next to the build file that microb does not read. */
  unreadLocks?: readonly string[];
  /** Without a lock: what is at the paths of the context that dependencies name. Absent for what is not there. */
  localKinds?: ReadonlyMap<string, PathKind>;
  /** Without a lock: the workspace above the project. */
  workspace?: Workspace;
  /** The settings of uv that are not in the build file. */
  uv?: UvFacts;
  /** If nothing says what a container starts: files that may be started, by their paths in the project. */
  startFiles?: ReadonlyMap<string, string>;
  /** Whether the project's package is in the directory `src`; looked at if the project may be copied as source. */
  hasSourceLayout?: boolean;
}>;

/** The project that is planned, and where it is. */
export type FactsQuery = Readonly<{
  project: PyProject;
  target: Target;
  location: ProjectLocation;
  ignore?: IgnoreFile | undefined;
  isFromElsewhere?: boolean;
}>;

/**
 * Reads what a plan for this target needs to know.
 * @throws UserError when a file that the target names is missing or malformed.
 */
export async function collectFacts(
  context: ContextReader,
  { project, target, location, ignore, isFromElsewhere }: FactsQuery,
): Promise<ContextFacts> {
  const [reader, small] = [boundedReader(context, MAX_LIST), boundedReader(context, MAX_TEXT)];
  const { entrypoint, command } = target.table;
  const isMaybeSource = mayBeSource(project, target);
  const hasScript = project.metadata.scripts.length > 0 && !isMaybeSource;
  const startsNothing = entrypoint === undefined && command === undefined && !hasScript;
  const [versions, lock, found, requirementsBeside, startFiles, hasLayout, ...setupTexts] = await Promise.all([
    readVersionFile(small, location),
    findLock(reader, { project, target, location }),
    foundPaths(reader, { project, target, location, ignore }),
    readRequirementsBeside(reader, { project, target, location }),
    startsNothing ? readStartFiles(reader, project, location) : undefined,
    isMaybeSource && hasSourceLayout(reader, project, location),
    ...SETUP_FILES.map((file) => small.readText(inProject(location, file))),
  ]);
  const setupFiles = SETUP_FILES.flatMap((file, index) => {
    const text = setupTexts[index];
    return text === undefined ? [] : [maskCredentials(sourceText(inProject(location, file), text))];
  });
  const modules = await Promise.all(
    (project.modulesByName ?? []).map((file) => reader.readText(inProject(location, file))),
  );
  const { requirements: path } = target.table;
  const isGiven = givenPaths(target.table);
  const surroundings = { reader, location, isGiven, variables: builderVariables(target.table) };
  const requirements =
    path === undefined
      ? undefined
      : await readRequirements([path], {
          ...surroundings,
          place: atValue(project.source, ...target.path, "requirements"),
        });
  // A requirements file that names the project asks for what the project requires, too.
  const named = requirements?.files.project;
  const isOwn = path === undefined || named !== undefined;
  const dynamic = isOwn ? project.metadata.dependencies : undefined;
  const dynamicDependencies =
    dynamic?.kind === "dynamic" && dynamic.files !== undefined
      ? await readRequirements(
          dynamic.files.map((file) => inProject(location, file)),
          { ...surroundings, place: atValue(project.source, ...dynamic.path) },
        )
      : undefined;
  const chosen = new Set((named?.extras ?? target.table.extras ?? []).map(normalizeName));
  const extras = isOwn ? await readExtras(project, chosen, surroundings) : undefined;
  const isStated = lock === undefined && path === undefined;
  const [unreadLocks, localKinds, workspace] = await Promise.all([
    isStated && target.table.lock === undefined ? findUnreadLocks(reader, location) : [],
    isStated ? findLocals(reader, project, location) : new Map<string, PathKind>(),
    isStated ? findWorkspace(reader, location) : undefined,
  ]);
  const uv = await (isStated || lock?.source.filename.endsWith(WORKSPACE_LOCK)
    ? findUvSettings(reader, { project, location }, uvRoot({ project, location }, lock, workspace))
    : undefined);
  const problems = [requirements, dynamicDependencies, ...(extras?.values() ?? [])].flatMap(
    (reading) => reading?.problems ?? [],
  );
  if (problems.length > 0) throw new UserError(problems);
  return {
    location,
    ...(ignore !== undefined && { ignore }),
    ...(isFromElsewhere && { isFromElsewhere }),
    ...(versions !== undefined && { pythonVersionFile: versions }),
    ...(requirements !== undefined && { requirements: requirements.files }),
    ...(dynamicDependencies !== undefined && { dynamicDependencies: dynamicDependencies.files }),
    ...(lock !== undefined && { lock }),
    ...(extras !== undefined && { dynamicExtras: new Map([...extras].map(([extra, { files }]) => [extra, files])) }),
    setupFiles,
    ...(modules.length > 0 && { hasNoModule: modules.every((text) => text === undefined) }),
    ...(setupFiles.some(({ text }) => HISTORY.test(text)) && { setupReadsHistory: true }),
    ...(found.size > 0 && { found }),
    ...(requirementsBeside !== undefined && { requirementsBeside }),
    ...(unreadLocks.length > 0 && { unreadLocks }),
    ...(localKinds.size > 0 && { localKinds }),
    ...(workspace !== undefined && { workspace }),
    ...(uv !== undefined && { uv }),
    ...(startFiles !== undefined && startFiles.size > 0 && { startFiles }),
    ...(hasLayout && { hasSourceLayout: true }),
  };
}

/** The extras that setuptools reads from files. Problems of extras that the target does not choose are not reported. */
async function readExtras(
  project: PyProject,
  chosen: ReadonlySet<string>,
  surroundings: Omit<RequirementsContext, "place">,
): Promise<ReadonlyMap<string, RequirementsReading> | undefined> {
  const { extraFiles } = project.metadata;
  if (extraFiles === undefined || chosen.size === 0) return undefined;
  const { location } = surroundings;
  const readings = [...extraFiles].map(async ([extra, files]): Promise<[string, RequirementsReading]> => {
    const place = atValue(project.source, "tool", "setuptools", "dynamic", "optional-dependencies", extra, "file");
    const paths = files.map((file) => inProject(location, file));
    const reading = await readRequirements(paths, { ...surroundings, place });
    return [extra, chosen.has(normalizeName(extra)) ? reading : { ...reading, problems: [] }];
  });
  return new Map(await Promise.all(readings));
}

/** What setup.py and setup.cfg contain if the version is read from history. The name of the tool may be assembled from parts. */
const HISTORY = /\b(?:use_scm_version|setuptools[-_](?:scm|git)|version_config|versioneer|versioningit|dunamai|pbr)\b/;

/** Where uv looks for its settings first: in the directory of the lock, else in that of the workspace. */
function uvRoot(
  { project, location }: Pick<FactsQuery, "project" | "location">,
  lock: LockFacts | undefined,
  workspace: Workspace | undefined,
): string {
  const own = inProject(location, "");
  const root = lock?.source.filename.slice(0, -WORKSPACE_LOCK.length);
  // A lock that is named may be anywhere.
  if (root !== undefined) return own.startsWith(root) ? root : own;
  if (workspace === undefined || project.isWorkspaceRoot) return own;
  return workspace.filename.slice(0, -WORKSPACE_FILE.length);
}

/** The variables that the official images and the target set. */
function builderVariables({ env, environment }: TargetTable): ReadonlySet<string> {
  const base = ["PATH", "HOME", "HOSTNAME", "LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"];
  return new Set([...base, ...Object.keys(env ?? environment ?? {})]);
}

async function findUnreadLocks(reader: ContextReader, location: ProjectLocation): Promise<readonly string[]> {
  const names = [...UNREAD_LOCKS.keys()];
  const found = await reader.find(names.map((name) => inProject(location, name)));
  return names.filter((name) => found.get(inProject(location, name)) === "file");
}

/** The file in the project's directory, else the one at the root of the context. */
async function readVersionFile(reader: ContextReader, location: ProjectLocation): Promise<SourceText | undefined> {
  const own = inProject(location, PYTHON_VERSION_FILE);
  const [ownText, rootText] = await Promise.all([reader.readText(own), reader.readText(PYTHON_VERSION_FILE)]);
  if (ownText !== undefined) return sourceText(own, ownText);
  return rootText === undefined ? undefined : sourceText(PYTHON_VERSION_FILE, rootText);
}
