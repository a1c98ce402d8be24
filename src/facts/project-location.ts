import { isTooLong } from "../config/path-limit.ts";

/** Where a project is within the build context. */
export type ProjectLocation = Readonly<{
  /** Relative to the root of the context; empty for the root itself. */
  directory: string;
  /** The name of its build file there. */
  buildFile: string;
}>;

/** A path of the project as a path of the context. */
export function inProject({ directory }: ProjectLocation, path: string): string {
  return directory === "" ? path : `${directory}/${path}`;
}

/** A path as a project writes it, as a path of the context; undefined if it leaves the project, or is longer than any. */
export function pathInProject(location: ProjectLocation, written: string): string | undefined {
  if (isTooLong(written)) return undefined;
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === ".." && parts.pop() === undefined) return undefined;
    if (part !== ".." && part !== "." && part !== "") parts.push(part);
  }
  return written.startsWith("/") ? undefined : inProject(location, parts.join("/"));
}
