import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";

/** Whether the build file says that the project is built and installed. Of others setup.py and setup.cfg may say so. */
export function isDeclaredPackage({ notAPackage, buildRequires, isPackage }: PyProject): boolean {
  return notAPackage === undefined && (buildRequires !== undefined || isPackage);
}

/**
 * Whether the project may be copied as source, as far as that is known before the context is read: of one that Poetry is
 * told to have no packages, the files of the context decide.
 */
export function mayBeSource(project: PyProject, { table: { install } }: Target): boolean {
  if (install !== undefined) return install === "source";
  return !isDeclaredPackage(project) || project.modulesByName !== undefined;
}
