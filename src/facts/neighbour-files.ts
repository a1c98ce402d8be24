import { inProject, type ProjectLocation } from "./project-location.ts";

/** Files that planning may look at besides the build file, relative to the project. */
export const SETUP_FILES: readonly string[] = ["setup.cfg", "setup.py"];

/** The file that names the Python version: the project's, else the one at the root of the context. */
export const PYTHON_VERSION_FILE = ".python-version";

/** The files of a context that most plans look at, so that they can be fetched together. */
export function neighbourFiles(location: ProjectLocation): readonly string[] {
  const own = [PYTHON_VERSION_FILE, ...SETUP_FILES].map((file) => inProject(location, file));
  return [...new Set([PYTHON_VERSION_FILE, ...own])];
}
