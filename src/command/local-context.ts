import { basename, dirname, relative, resolve, sep } from "node:path";
import { UserError } from "../diagnostic/user-error.ts";
import type { ProjectLocation } from "../facts/project-location.ts";

/** A build context that is a directory of this machine, and where in it the project is. */
export type LocalContext = Readonly<{
  /** The directory, as a path of this machine. */
  directory: string;
  location: ProjectLocation;
  /** What the user should know of a directory that nobody named. */
  note?: string;
}>;

/**
 * The build context of a build file of this machine: the directory that is named; else the working directory, as
 * `docker build -f services/a/pyproject.toml .` has it, if the build file is in it or below; else that of the build file.
 * @throws UserError when the build file is not in the directory that is named.
 */
export function localContext({ filename, context }: Readonly<{ filename: string; context?: string }>): LocalContext {
  if (context !== undefined) {
    const location = locationIn(context, filename);
    if (location !== undefined) return { directory: context, location };
    throw new UserError({
      code: "context.build-file",
      message: `${filename} is not in the build context ${context}`,
      help: "name a directory that contains the project with -context",
    });
  }
  const below = locationIn(".", filename);
  if (below?.directory === "") return { directory: ".", location: below };
  const [directory, location, what] =
    below === undefined
      ? [dirname(filename), { directory: "", buildFile: basename(filename) }, "the directory of the build file"]
      : [".", below, "the working directory"];
  return { directory, location, note: `the build context is ${what}; to choose another, pass -context` };
}

/** Undefined for a file that is not below the directory. */
function locationIn(directory: string, filename: string): ProjectLocation | undefined {
  const path = relative(resolve(directory), resolve(filename)).split(sep).join("/");
  if (path === "" || path.startsWith("../")) return undefined;
  return { directory: dirname(path) === "." ? "" : dirname(path), buildFile: basename(path) };
}
