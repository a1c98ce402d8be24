import { admitsRelease, MAX_PATCH } from "../config/python-constraint.ts";
import { isSettled, PYTHON_MINORS, type PythonMinor } from "../config/python-releases.ts";

/** A tag of the official images whose Python meets all limits. */
export type PythonCandidate = Readonly<{
  tag: string;
  /**
   * Whether its minor version is at least a year old, is younger, or is admitted with its first release only: `<=3.12` admits
   * 3.12.0, which is hardly meant.
   */
  kind: "settled" | "young" | "first-release";
}>;

/** The tags that meet the limits, one for each minor version, the newest first. */
export function pythonCandidates(constraints: readonly (readonly string[])[]): readonly PythonCandidate[] {
  return PYTHON_MINORS.flatMap((minor): readonly PythonCandidate[] => {
    const tag = admittedTag(constraints, minor);
    if (tag === undefined) return [];
    const isFirst = tag === `3.${minor.minor}.0` && minor.patch > 0;
    return [{ tag, kind: isFirst ? "first-release" : isSettled(minor) ? "settled" : "young" }];
  });
}

/**
 * The tag of a minor version: `3.12` if its newest release is admitted, and later ones are; else the newest release that
 * is. A tag without a patch is the newest release there is.
 */
export function admittedTag(
  constraints: readonly (readonly string[])[],
  { minor, patch }: PythonMinor,
): string | undefined {
  const isAdmitted = (one: number): boolean => admitsRelease(constraints, `3.${minor}.${one}`);
  const isOpen = isAdmitted(MAX_PATCH);
  if (isOpen && isAdmitted(patch)) return `3.${minor}`;
  for (let known = patch; known >= 0; known--) if (isAdmitted(known)) return `3.${minor}.${known}`;
  // Releases that this microb does not know yet.
  if (isOpen) return `3.${minor}`;
  for (let later = patch + 1; later < MAX_PATCH; later++) if (isAdmitted(later)) return `3.${minor}.${later}`;
  return undefined;
}
