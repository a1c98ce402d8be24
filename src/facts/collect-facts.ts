import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextReader } from "./context-reader.ts";
import { findLock, type LockFacts } from "./find-lock.ts";
import { PYTHON_VERSION_FILE, SETUP_FILES } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";
import { type RequirementsFiles, type RequirementsReading, readRequirements } from "./requirements-file.ts";

/** What is true of the build context that planning depends on. */
export type ContextFacts = Readonly<{
  location: ProjectLocation;
  pythonVersionFile?: SourceText;
  requirements?: RequirementsFiles;
  /** The dependencies that setuptools reads from files (`dynamic = ["dependencies"]`). */
  dynamicDependencies?: RequirementsFiles;
  /** The same for the extras that it reads from files. */
  dynamicExtras?: ReadonlyMap<string, RequirementsFiles>;
  /** The project's setup.cfg and setup.py, which make a package without `[build-system]`. */
  setupFiles: readonly SourceText[];
  /** Whether there is none of the files that Poetry looks for by the project's name, where it matters. */
  hasNoModule?: boolean;
  /** The lock that decides on the dependencies. */
  lock?: LockFacts;
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
  const [versions, lock, ...setupTexts] = await Promise.all([
    readVersionFile(reader, location),
    findLock(reader, { project, target, location }),
    ...SETUP_FILES.map((file) => reader.readText(inProject(location, file))),
  ]);
  const setupFiles = SETUP_FILES.flatMap((file, index) => {
    const text = setupTexts[index];
    return text === undefined ? [] : [maskCredentials(sourceText(inProject(location, file), text))];
  });
  const modules = await Promise.all(
    (project.modulesByName ?? []).map((file) => reader.readText(inProject(location, file))),
  );
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
  const extras = path === undefined ? await readExtras(reader, { project, target, location }) : undefined;
  const problems = [requirements, dynamicDependencies, ...(extras?.values() ?? [])].flatMap(
    (reading) => reading?.problems ?? [],
  );
  if (problems.length > 0) throw new UserError(problems);
  return {
    location,
    ...(versions !== undefined && { pythonVersionFile: versions }),
    ...(requirements !== undefined && { requirements: requirements.files }),
    ...(dynamicDependencies !== undefined && { dynamicDependencies: dynamicDependencies.files }),
    ...(lock !== undefined && { lock }),
    ...(extras !== undefined && { dynamicExtras: new Map([...extras].map(([extra, { files }]) => [extra, files])) }),
    setupFiles,
    ...(modules.length > 0 && { hasNoModule: modules.every((text) => text === undefined) }),
  };
}

/** The extras that setuptools reads from files. What is wrong with those that nobody chose is not reported. */
async function readExtras(
  reader: ContextReader,
  { project, target, location }: FactsQuery,
): Promise<ReadonlyMap<string, RequirementsReading> | undefined> {
  const { extraFiles } = project.metadata;
  if (extraFiles === undefined || target.table.extras === undefined) return undefined;
  const chosen = new Set(target.table.extras.map(normalizeName));
  const readings = [...extraFiles].map(async ([extra, files]): Promise<[string, RequirementsReading]> => {
    const place = atValue(project.source, "tool", "setuptools", "dynamic", "optional-dependencies", extra, "file");
    const paths = files.map((file) => inProject(location, file));
    const reading = await readRequirements(reader, paths, place);
    return [extra, chosen.has(normalizeName(extra)) ? reading : { ...reading, problems: [] }];
  });
  return new Map(await Promise.all(readings));
}

/** The project's own file, else that of the context. */
async function readVersionFile(reader: ContextReader, location: ProjectLocation): Promise<SourceText | undefined> {
  const own = inProject(location, PYTHON_VERSION_FILE);
  const [ownText, rootText] = await Promise.all([reader.readText(own), reader.readText(PYTHON_VERSION_FILE)]);
  if (ownText !== undefined) return sourceText(own, ownText);
  return rootText === undefined ? undefined : sourceText(PYTHON_VERSION_FILE, rootText);
}
