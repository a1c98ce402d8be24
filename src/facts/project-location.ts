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
