import { inProject, type ProjectLocation } from "./project-location.ts";
import { START_FILES } from "./start-files.ts";

/** Files that planning may look at besides the build file, relative to the project. */
export const SETUP_FILES: readonly string[] = ["setup.cfg", "setup.py"];

/** The file that names the Python version: the project's, else the one at the root of the context. */
export const PYTHON_VERSION_FILE = ".python-version";

/** Lock files that are used without being named, relative to the project. */
export const LOCK_FILES: readonly string[] = ["uv.lock", "pylock.toml", "pdm.lock"];

/** Locks that microb does not read, and the command that converts each into a file that microb reads. */
export const UNREAD_LOCKS: ReadonlyMap<string, string> = new Map([
  ["poetry.lock", "poetry export -o requirements.txt"],
  ["Pipfile.lock", "pipenv requirements > requirements.txt"],
  ["conda-lock.yml", "pip lock"],
  ["pixi.lock", "pip lock"],
]);

/** The lock of a workspace, which may stand above the project. */
export const WORKSPACE_LOCK = "uv.lock";

/** The file that lists the dependencies of projects that have no other list. */
export const REQUIREMENTS_FILE = "requirements.txt";

/** Files that metadata names most often: they are fetched with the other neighbours, without another call. */
const DOCUMENTS: readonly string[] = ["AUTHORS*", "COPYING*", "LICENCE*", "LICENSE*", "NOTICE*", "README*", "readme*"];

/** The build file of the root of a workspace. */
export const WORKSPACE_FILE = "pyproject.toml";

/** The settings of uv, beside a build file or above it. */
export const UV_FILE = "uv.toml";

/** The names of locks for targets. */
export const TARGET_LOCK: RegExp = /^pylock\.[^.]+\.toml$/;

/** The same as a pattern. */
const TARGET_LOCKS = "pylock.*.toml";

/** The lock for a target of this name (PEP 751). */
export function targetLock(target: string): string {
  return `pylock.${target}.toml`;
}

/**
 * The files of a context that most plans look at, so that they can be fetched together. A star stands for any part of a
 * name.
 */
export function neighbourFiles(location: ProjectLocation): readonly string[] {
  const files = [
    ...[PYTHON_VERSION_FILE, ...SETUP_FILES, ...LOCK_FILES, ...UNREAD_LOCKS.keys(), TARGET_LOCKS],
    ...[REQUIREMENTS_FILE, UV_FILE, ...DOCUMENTS, ...START_FILES],
  ];
  const own = files.map((file) => inProject(location, file));
  const above = directoriesAbove(location).flatMap((path) => [
    path + WORKSPACE_LOCK,
    path + WORKSPACE_FILE,
    path + UV_FILE,
  ]);
  return [...new Set([PYTHON_VERSION_FILE, ...own, ...above])];
}

/** The directories above the project, the nearest first, each with a slash at its end; the root of the context is empty. */
export function directoriesAbove({ directory }: ProjectLocation): readonly string[] {
  const parts = directory === "" ? [] : directory.split("/");
  return parts.map((_, index) =>
    parts
      .slice(0, parts.length - 1 - index)
      .map((part) => `${part}/`)
      .join(""),
  );
}
