/** Files that planning may look at besides the build file, relative to the root of the context. */
export const NEIGHBOUR_FILES: readonly string[] = [".python-version", "setup.cfg", "setup.py"];
