import type { PyProject } from "../config/py-project.ts";
import type { TargetTable } from "../config/schema.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextReader } from "./context-reader.ts";
import { findLocals } from "./find-locals.ts";
import { findLock, type LockFacts } from "./find-lock.ts";
import { findWorkspace, type Workspace } from "./find-workspace.ts";
import { givenPaths } from "./given-paths.ts";
import { PYTHON_VERSION_FILE, SETUP_FILES, UNREAD_LOCKS } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";
import { type RequirementsFiles, readRequirements } from "./requirements-file.ts";

/** What is true of the build context that planning depends on. */
export type ContextFacts = Readonly<{
  location: ProjectLocation;
  pythonVersionFile?: SourceText;
  requirements?: RequirementsFiles;
  /** The dependencies that setuptools reads from files (`dynamic = ["dependencies"]`). */
  dynamicDependencies?: RequirementsFiles;
  /** Whether the project has a setup.py or setup.cfg, which make a package without `[build-system]`. */
  hasSetupFile: boolean;
  /** The lock that decides on the dependencies. */
  lock?: LockFacts;
  /** Without one: the names of locks beside the build file that are not read. */
  unreadLocks?: readonly string[];
  /** Without one: what is at the paths of the context that dependencies name. Absent for what is not there. */
  localKinds?: ReadonlyMap<string, "file" | "directory">;
  /** Without one: the workspace above the project. */
  workspace?: Workspace;
}>;

/** The project that is planned, and where it is. */
export type FactsQuery = Readonly<{ project: PyProject; target: Target; location: ProjectLocation }>;

/**
 * Reads what a plan for this target needs to know.
 * @throws UserError when a file that the target names is missing or malformed.
 */
export async function collectFacts(
  reader: ContextReader,
  { project, target, location }: FactsQuery,
): Promise<ContextFacts> {
  const [versions, lock, ...setupFiles] = await Promise.all([
    readVersionFile(reader, location),
    findLock(reader, { project, target, location }),
    ...SETUP_FILES.map((file) => reader.readText(inProject(location, file))),
  ]);
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
  const dynamic = path === undefined ? project.metadata.dependencies : undefined;
  const dynamicDependencies =
    dynamic?.kind === "dynamic" && dynamic.files !== undefined
      ? await readRequirements(
          dynamic.files.map((file) => inProject(location, file)),
          { ...surroundings, place: atValue(project.source, ...dynamic.path) },
        )
      : undefined;
  const isStated = lock === undefined && path === undefined;
  const [unreadLocks, localKinds, workspace] = await Promise.all([
    isStated && target.table.lock === undefined ? findUnreadLocks(reader, location) : [],
    isStated ? findLocals(reader, project, location) : new Map<string, "file" | "directory">(),
    isStated ? findWorkspace(reader, location) : undefined,
  ]);
  const problems = [requirements, dynamicDependencies].flatMap((reading) => reading?.problems ?? []);
  if (problems.length > 0) throw new UserError(problems);
  return {
    location,
    ...(versions !== undefined && { pythonVersionFile: versions }),
    ...(requirements !== undefined && { requirements: requirements.files }),
    ...(dynamicDependencies !== undefined && { dynamicDependencies: dynamicDependencies.files }),
    ...(lock !== undefined && { lock }),
    ...(unreadLocks.length > 0 && { unreadLocks }),
    ...(localKinds.size > 0 && { localKinds }),
    ...(workspace !== undefined && { workspace }),
    hasSetupFile: setupFiles.some((text) => text !== undefined),
  };
}

/** What the official images set, and what the target does. */
function builderVariables({ env, environment }: TargetTable): ReadonlySet<string> {
  const base = ["PATH", "HOME", "HOSTNAME", "LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"];
  return new Set([...base, ...Object.keys(env ?? environment ?? {})]);
}

async function findUnreadLocks(reader: ContextReader, location: ProjectLocation): Promise<readonly string[]> {
  const names = [...UNREAD_LOCKS.keys()];
  const kinds = await Promise.all(names.map((name) => reader.kindOf(inProject(location, name))));
  return names.filter((_, index) => kinds[index] === "file");
}

/** The project's own file, else that of the context. */
async function readVersionFile(reader: ContextReader, location: ProjectLocation): Promise<SourceText | undefined> {
  const own = inProject(location, PYTHON_VERSION_FILE);
  const [ownText, rootText] = await Promise.all([reader.readText(own), reader.readText(PYTHON_VERSION_FILE)]);
  if (ownText !== undefined) return sourceText(own, ownText);
  return rootText === undefined ? undefined : sourceText(PYTHON_VERSION_FILE, rootText);
}
