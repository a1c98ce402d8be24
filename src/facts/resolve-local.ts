import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { contextPath } from "../lock/context-path.ts";
import type { ContextReader } from "./context-reader.ts";
import { filePath } from "./local-requirement.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";
import type { RequirementsEntry, RequirementsLine } from "./requirements-line.ts";

/** A line of a requirements file that names something of the context. */
export type LocalEntry = Readonly<{
  kind: "directory" | "file" | "links";
  /** In the context; `.` for its root. */
  path: string;
  /** The requirement that pip gets, relative to the directory where it runs. */
  requirement: string;
  /** The project itself is installed later, by a step of its own. */
  isProject: boolean;
  isEditable: boolean;
  isConstraint: boolean;
  /** The file that has the line, and the numbers of its first and last line. */
  file: string;
  span: RequirementsLine["span"];
}>;

/** What reading a requirements file depends on. */
export type RequirementsContext = Readonly<{
  reader: ContextReader;
  /** The entry that names it. */
  place: Place;
  location: ProjectLocation;
  /** Whether something puts files at this absolute path of the builder. */
  isGiven: (path: string) => boolean;
  /** The variables that steps of the builder have. */
  variables: ReadonlySet<string>;
}>;

/** Where a line stands. */
export type LinePlace = Readonly<{ file: string; line: RequirementsLine; isConstraint: boolean }>;

/** Finds what a line names. pip resolves paths in the directory where it runs, the project's. Undefined for a path that need not be in the context. */
export async function resolveLocal(
  entry: Extract<RequirementsEntry, { kind: "local" | "links" }>,
  { file, line, isConstraint }: LinePlace,
  context: RequirementsContext,
): Promise<LocalEntry | Diagnostic | undefined> {
  const written = entry.kind === "local" ? entry.local.path : filePath(entry.path);
  if (/^[a-z][a-z0-9+.-]+:/i.test(written) || (written.startsWith("/") && context.isGiven(written))) return undefined;
  const own = inProject(context.location, "x");
  const at = { isConstraint, file, span: line.span };
  if (entry.kind === "links") {
    // Those are looked for next to the file first (`pip/_internal/req/req_file.py`).
    for (const path of [contextPath(written, file), contextPath(written, own)]) {
      if (path === undefined || !(await context.reader.find([path])).has(path)) continue;
      return { kind: "links", path, requirement: entry.path, isProject: false, isEditable: false, ...at };
    }
    return missing(written, line.place);
  }
  const { requirement, isEditable } = entry.local;
  const path = written.includes("${") ? undefined : contextPath(written, own);
  if (path === undefined) {
    return {
      code: "requirement.local",
      message: `"${written}" is not a path of the build context`,
      place: line.place,
      help: "use a build context that contains both, name the build file with -f, and write a relative path",
    };
  }
  const isProject = path === (context.location.directory || ".");
  const kind = isProject ? "directory" : (await context.reader.find([path])).get(path);
  if (kind === undefined) return missing(written, line.place);
  return { kind, path, requirement, isProject, isEditable, ...at };
}

function missing(path: string, place: Place): Diagnostic {
  return {
    code: "requirement.local",
    message: `there is no file or directory "${path}" in the build context`,
    place,
    help: "paths are relative to the directory of the project; check .dockerignore too",
  };
}
