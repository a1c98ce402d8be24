import { localReference } from "../config/local-reference.ts";
import type { PlacedText } from "../config/metadata.ts";
import { parseRequirement } from "../config/requirement.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { givenPaths } from "../facts/given-paths.ts";
import { inProject } from "../facts/project-location.ts";
import { contextPath } from "../lock/context-path.ts";
import type { InstallMode } from "./plan-install.ts";
import type { SourceContext } from "./plan-sources.ts";

/**
 * The first dependency that names a file or directory of the project by a URL that only the build backend can resolve. If
 * there is one, dependencies are installed together with the project. URLs that lead out of the project, or that the backend
 * does not resolve, are reported.
 */
export function localDependency(
  texts: readonly PlacedText[],
  context: SourceContext & Readonly<{ install: InstallMode }>,
): PlacedText | undefined {
  const { project, target, report, install } = context;
  const isGiven = givenPaths(target.table);
  return texts.filter(({ text, path }) => {
    const url = urlOf(text);
    const reference = url === undefined ? undefined : localReference(url, project.buildRequires ?? []);
    if (reference === undefined) return false;
    if (reference.absolute !== undefined && isGiven(reference.absolute)) return false;
    const problem = (message: string, help: string): false => {
      report.problem({ code: "requirement.local", message, place: atValue(project.source, ...path), help });
      return false;
    };
    if (reference.path === undefined) {
      const isAbsolute = reference.absolute !== undefined;
      const what = isAbsolute
        ? "is an absolute path, which the build does not have"
        : "is a relative path, which the build backend does not resolve";
      const spelling = isAbsolute || reference.spelling === undefined ? undefined : `write ${reference.spelling}, or `;
      return problem(`"${url}" ${what}`, `${spelling ?? ""}${LIST_IT}`);
    }
    if (install === "source")
      return problem(`"${url}" is resolved only when the project is built, but it is copied as source`, LIST_IT);
    const missing = whyMissing(reference.path, context);
    return missing === undefined || problem(`"${reference.path}" ${missing}`, LIST_IT);
  })[0];
}

/** What to do about a path that a build of the project cannot have. */
export const LIST_IT =
  "list the path in a requirements file, such as ./libs/core, and name the file with the requirements key";

/** Why the build of the project does not have a path, if so: only the project's directory is copied. */
export function whyMissing(
  path: string,
  { location, facts }: Pick<SourceContext, "location" | "facts">,
): string | undefined {
  const found = contextPath(path, inProject(location, "x"));
  if (found === undefined || !`${found}/`.startsWith(inProject(location, "")))
    return "is outside of the project, but the build has only the project's directory";
  return facts.localKinds?.has(found) === true ? undefined : "is not in the build context";
}

function urlOf(text: string): string | undefined {
  try {
    return parseRequirement(text).url;
  } catch {
    return undefined;
  }
}
