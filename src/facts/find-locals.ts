import { localReference } from "../config/local-reference.ts";
import type { PyProject } from "../config/py-project.ts";
import { parseRequirement } from "../config/requirement.ts";
import { contextPath } from "../lock/context-path.ts";
import type { ContextReader, PathKind } from "./context-reader.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";

/** Tells which files and directories that dependencies of the build file name exist, by their paths in the context. */
export async function findLocals(
  reader: ContextReader,
  project: PyProject,
  location: ProjectLocation,
): Promise<ReadonlyMap<string, PathKind>> {
  const { dependencies, extras, path } = project.metadata;
  const texts = [dependencies.kind === "static" ? dependencies.requirements : [], ...extras.values()].flat();
  const named = texts.flatMap(({ text }) => (text.includes("@") ? pathOf(text, project) : []));
  // Poetry's own backend reads these paths.
  const ofPoetry = [...project.sources.values()]
    .flat()
    .flatMap(({ tool, place }) =>
      tool === "Poetry" && path[0] === "tool" && place.kind === "path" ? [place.path] : [],
    );
  const paths = [
    ...new Set([...named, ...ofPoetry].flatMap((one) => contextPath(one, inProject(location, "x")) ?? [])),
  ];
  return paths.length === 0 ? new Map() : reader.find(paths);
}

function pathOf(text: string, { buildRequires = [] }: PyProject): readonly string[] {
  try {
    const { url } = parseRequirement(text);
    const path = url === undefined ? undefined : localReference(url, buildRequires)?.path;
    return path === undefined ? [] : [path];
  } catch {
    return [];
  }
}
