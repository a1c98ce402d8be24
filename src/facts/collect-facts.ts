import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextReader } from "./context-reader.ts";
import { findLock, type LockFacts } from "./find-lock.ts";
import { PYTHON_VERSION_FILE, SETUP_FILES } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";
import { type RequirementsFiles, readRequirements } from "./requirements-file.ts";
import { hasSourceLayout, readStartFiles } from "./start-files.ts";

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
  /** Where nothing says what a container starts: files that tell how it might be, by their paths in the project. */
  startFiles?: ReadonlyMap<string, string>;
  /** Whether the project's package is in the directory `src`; looked at if the project may be copied as source. */
  hasSourceLayout?: boolean;
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
  const { install, entrypoint, command } = target.table;
  const hasScript = project.metadata.scripts.length > 0 && isPackage(project);
  const startsNothing = entrypoint === undefined && command === undefined && !hasScript;
  const mayBeSource = install === "source" || (install === undefined && !isPackage(project));
  const [versions, lock, startFiles, hasLayout, ...setupFiles] = await Promise.all([
    readVersionFile(reader, location),
    findLock(reader, { project, target, location }),
    startsNothing ? readStartFiles(reader, project, location) : undefined,
    mayBeSource && hasSourceLayout(reader, project, location),
    ...SETUP_FILES.map((file) => reader.readText(inProject(location, file))),
  ]);
  const { requirements: path } = target.table;
  const requirements =
    path === undefined
      ? undefined
      : await readRequirements(reader, [path], atValue(project.source, ...target.path, "requirements"));
  const dynamic = path === undefined ? project.metadata.dependencies : undefined;
  const dynamicDependencies =
    dynamic?.kind === "dynamic" && dynamic.files !== undefined
      ? await readRequirements(
          reader,
          dynamic.files.map((file) => inProject(location, file)),
          atValue(project.source, ...dynamic.path),
        )
      : undefined;
  const problems = [requirements, dynamicDependencies].flatMap((reading) => reading?.problems ?? []);
  if (problems.length > 0) throw new UserError(problems);
  return {
    location,
    ...(versions !== undefined && { pythonVersionFile: versions }),
    ...(requirements !== undefined && { requirements: requirements.files }),
    ...(dynamicDependencies !== undefined && { dynamicDependencies: dynamicDependencies.files }),
    ...(lock !== undefined && { lock }),
    ...(startFiles !== undefined && startFiles.size > 0 && { startFiles }),
    ...(hasLayout && { hasSourceLayout: true }),
    hasSetupFile: setupFiles.some((text) => text !== undefined),
  };
}

/** Whether the build file says that the project is built and installed. */
function isPackage({ notAPackage, buildRequires }: PyProject): boolean {
  return notAPackage === undefined && buildRequires !== undefined;
}

/** The project's own file, else that of the context. */
async function readVersionFile(reader: ContextReader, location: ProjectLocation): Promise<SourceText | undefined> {
  const own = inProject(location, PYTHON_VERSION_FILE);
  const [ownText, rootText] = await Promise.all([reader.readText(own), reader.readText(PYTHON_VERSION_FILE)]);
  if (ownText !== undefined) return sourceText(own, ownText);
  return rootText === undefined ? undefined : sourceText(PYTHON_VERSION_FILE, rootText);
}
