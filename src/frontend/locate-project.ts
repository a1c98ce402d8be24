import { UserError } from "../diagnostic/user-error.ts";
import type { ProjectLocation } from "../facts/project-location.ts";
import type { Reference } from "../gateway/reference.ts";

/** A build file that is to be found again in the build context. */
export type BuildFile = Readonly<{ filename: string; text: string }>;

/**
 * Finds the directory of a build file in the build context. Clients send the file by itself when it is not at the root
 * (`-f services/a/pyproject.toml .`), without saying where it was: it is known by its name and its content.
 *
 * `search` gives the files of that name in the context.
 * Undefined when it is not there.
 * @throws UserError when there are several that are the same.
 */
export async function locateProject(
  { filename, text }: BuildFile,
  search: () => Promise<Reference>,
): Promise<ProjectLocation | undefined> {
  const buildFile = filename.split("/").at(-1) ?? filename;
  const reference = await search();
  const paths = await findFiles(reference, "", buildFile);
  const texts = await Promise.all(paths.map((path) => reference.readText(path)));
  const [found, ...others] = paths.filter((_, index) => texts[index] === text);
  if (found === undefined) return undefined;
  if (others.length > 0) throw ambiguous(buildFile, [found, ...others]);
  return { directory: found.split("/").slice(0, -1).join("/"), buildFile };
}

async function findFiles(reference: Reference, directory: string, name: string): Promise<readonly string[]> {
  const entries = await reference.list(directory);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      if (entry.kind === "directory") return findFiles(reference, path, name);
      return entry.kind === "file" && entry.name === name ? [path] : [];
    }),
  );
  return found.flat().sort();
}

function ambiguous(buildFile: string, paths: readonly string[]): UserError {
  return new UserError({
    code: "context.build-file",
    message: `the ${buildFile} given with -f is in the build context more than once: ${paths.join(", ")}`,
    help: "BuildKit does not say which one was meant: pass the project's own directory as the build context",
  });
}
