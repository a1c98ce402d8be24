import { inProject, type ProjectLocation } from "./project-location.ts";
import { START_FILES } from "./start-files.ts";

/** Files that planning may look at besides the build file, relative to the project. */
export const SETUP_FILES: readonly string[] = ["setup.cfg", "setup.py"];

/** The file that names the Python version: the project's, else the one at the root of the context. */
export const PYTHON_VERSION_FILE = ".python-version";

/** Lock files that are used without being named, relative to the project. */
export const LOCK_FILES: readonly string[] = ["uv.lock", "pylock.toml", "pdm.lock"];

/** The lock of a workspace, which may stand above the project. */
export const WORKSPACE_LOCK = "uv.lock";

/** The locks for targets, as a pattern. */
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
  const own = [PYTHON_VERSION_FILE, ...SETUP_FILES, ...LOCK_FILES, TARGET_LOCKS, ...START_FILES].map((file) =>
    inProject(location, file),
  );
  return [
    ...new Set([PYTHON_VERSION_FILE, ...own, ...directoriesAbove(location).map((path) => path + WORKSPACE_LOCK)]),
  ];
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
