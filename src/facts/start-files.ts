import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import { MAX_TEXT } from "./bounded-reader.ts";
import type { ContextReader } from "./context-reader.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";

/** Modules of Python that usually start an application, by their names in a directory. */
const MODULES: readonly string[] = ["main.py", "app.py", "__main__.py"];

/** Those at the root of a project, and in directories that applications often have. */
const ROOT_FILES: readonly string[] = ["manage.py", "main.py", "app.py", "app/main.py", "src/main.py", "api/main.py"];

/** What {@link readStartFiles} and {@link hasSourceLayout} may read of any project, as patterns. */
export const START_FILES: readonly string[] = [
  ...ROOT_FILES,
  ...MODULES.map((file) => `*/${file}`),
  ...["__init__.py", ...MODULES].map((file) => `src/*/${file}`),
];

/** The name under which a project's package is usually imported. */
export function packageName({ metadata: { name = "" } }: PyProject): string {
  return normalizeName(name).replaceAll("-", "_");
}

/** The files that may start the application, by their paths in the project. */
export async function readStartFiles(
  reader: ContextReader,
  project: PyProject,
  location: ProjectLocation,
): Promise<ReadonlyMap<string, string>> {
  const name = packageName(project);
  const own = name === "" ? [] : MODULES.flatMap((file) => [`src/${name}/${file}`, `${name}/${file}`]);
  const found = await Promise.all(
    [...ROOT_FILES, ...own].map(async (path) => [path, await reader.readText(inProject(location, path))] as const),
  );
  // What is no program that somebody wrote is not looked into.
  return new Map(
    found.flatMap(([path, text]) => (text === undefined || text.length > MAX_TEXT ? [] : [[path, text] as const])),
  );
}

/** Whether the project's package is in the directory `src`. */
export async function hasSourceLayout(
  reader: ContextReader,
  project: PyProject,
  location: ProjectLocation,
): Promise<boolean> {
  const name = packageName(project);
  return name !== "" && (await reader.readText(inProject(location, `src/${name}/__init__.py`))) !== undefined;
}
