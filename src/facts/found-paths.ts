import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import type { ContextReader, PathKind } from "./context-reader.ts";
import type { IgnoreFile } from "./ignore-file.ts";
import { mayBeSource } from "./may-be-source.ts";
import {
  ENVIRONMENT_MARK,
  ENVIRONMENT_NAMES,
  LEFT_BY_TOOLS,
  NEVER_COPIED,
  NOT_LOOKED_INTO,
  SECRET_FILES,
} from "./not-copied.ts";
import { pathMatcher } from "./path-matcher.ts";
import { inProject, type ProjectLocation, pathInProject } from "./project-location.ts";

type Query = Readonly<{
  project: PyProject;
  target: Target;
  location: ProjectLocation;
  ignore?: IgnoreFile | undefined;
}>;

/** A file of `.git`. It represents the whole history. */
export const HISTORY_FILE = ".git/HEAD";

/** Files with the version of a project without history: of an archive of git, and of a source distribution. */
export const VERSION_RECORDS: readonly string[] = [".git_archival.txt", "PKG-INFO"];

/**
 * Looks which paths that a plan depends on are in the context: files that the metadata names and, if the project may be
 * copied as source, files that should not be copied. Files next to the build file need no transfer, all others need one. A
 * second transfer is needed only if the ignore file hides the places where modules may be.
 */
export async function foundPaths(reader: ContextReader, query: Query): Promise<ReadonlySet<string>> {
  const { project, target, location, ignore } = query;
  const unseen = (ignore?.rules ?? []).map(({ pattern }) => pattern);
  const isHidden = pathMatcher(unseen);
  const named =
    target.table.install === "source" ? [] : project.namedFiles.flatMap(({ name }) => asked(name, location));
  const history = inProject(location, HISTORY_FILE);
  const needsHistory = project.history !== undefined && project.history.without !== "known";
  // A directory of a client is taken to be a repository, and looked at if only a part of it is built.
  const isAsked = needsHistory && (ignore === undefined || location.directory !== "");
  const records = needsHistory && (isAsked || isHidden(history) !== undefined) ? VERSION_RECORDS : [];
  const others = [...records, ...(isAsked ? [HISTORY_FILE] : [])].map((name) => inProject(location, name));
  const modules = [...project.packagePaths, ...project.moduleFiles].map((path) => inProject(location, path));
  const hidesModules = modules.some((path) => isHidden(path) !== undefined);
  const found = await Promise.all([
    reader.find([...new Set([...named, ...others.filter((path) => isHidden(path) === undefined)])], unseen),
    hidesModules ? reader.find(modules) : new Map<string, PathKind>(),
    // Nothing is left out of what is no directory.
    ignore !== undefined && mayBeSource(project, target) ? findNotCopied(reader, location, unseen) : [],
  ]);
  return new Set(found.flatMap((one) => [...one].map(([path]) => path)));
}

/** Secret files, and marks of virtual environments. */
async function findNotCopied(
  reader: ContextReader,
  location: ProjectLocation,
  unseen: readonly string[],
): Promise<readonly (readonly [string, PathKind])[]> {
  const own = (name: string): string => inProject(location, name);
  const marks = ENVIRONMENT_NAMES.map((name) => own(`${name}/${ENVIRONMENT_MARK}`));
  const notLookedInto = [...unseen, ...NEVER_COPIED, ...NOT_LOOKED_INTO, ...LEFT_BY_TOOLS.map(own)];
  const isHidden = pathMatcher(notLookedInto);
  const found = await reader.find([...SECRET_FILES.map(own), ...marks], notLookedInto);
  // A directory that is called like a secret file is none: often it is a virtual environment.
  return [...found].filter(([path, kind]) => kind === "file" && isHidden(path) === undefined);
}

/** The path to look for; none if it leaves the project or has wildcards before its last part. */
function asked(name: string, location: ProjectLocation): readonly string[] {
  const path = pathInProject(location, name);
  return path !== undefined && canFind(path) ? [path] : [];
}

/** Whether a reader can find what a pattern matches. */
export function canFind(path: string): boolean {
  const directory = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return !/[*?[\]\\]/.test(directory) && !path.includes("**");
}
