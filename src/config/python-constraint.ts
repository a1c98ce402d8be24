import { validRange } from "@renovatebot/pep440";
import { MAX_CLAUSES, meets } from "./meets.ts";
import { poetrySpecifier } from "./poetry-specifier.ts";

/**
 * Which Python versions a project accepts: alternatives of PEP 440 specifier sets, one of which must hold. Undefined
 * when the text cannot be understood, or has more than {@link MAX_CLAUSES} clauses.
 */
export type PythonConstraint = readonly string[] | undefined;

/** `requires-python` of `[project]`: one PEP 440 specifier set. */
export function pep440Constraint(text: string): PythonConstraint {
  const clauses = text.split(",", MAX_CLAUSES + 1).map((clause) => clause.trim());
  if (clauses.length > MAX_CLAUSES) return undefined;
  const set = clauses.filter((clause) => clause !== "").join(",");
  return set === "" || validRange(set) ? [set] : undefined;
}

/** Poetry's constraint language: caret, tilde, wildcards and `||` besides PEP 440 (poetry-core `constraints/version`). */
export function poetryConstraint(text: string): PythonConstraint {
  if (text.split(/\|\|?|,/, MAX_CLAUSES + 1).length > MAX_CLAUSES) return undefined;
  const alternatives = text.split(/\|\|?/).map(poetrySpecifier);
  return alternatives.every((set) => set !== undefined) ? alternatives : undefined;
}

/** Whether a release of Python in full, such as 3.11.4, meets all of some constraints. */
export function admitsRelease(constraints: readonly (readonly string[])[], release: string): boolean {
  return constraints.every((constraint) => constraint.some((set) => set === "" || meets(release, set)));
}

/**
 * Whether some release of Python that starts with `version` (`3`, `3.11` or `3.11.4`) meets all of some constraints.
 * Releases that do not exist yet count: the registry may have them when the image is built.
 */
export function admits(constraints: readonly (readonly string[])[], version: string): boolean {
  return releases(version).some((release) => admitsRelease(constraints, release));
}

/** More patch releases than any minor version of Python had (3.9 ended with .25), and more minor versions than exist. */
export const MAX_PATCH = 30;
const MAX_MINOR = 30;

function releases(version: string): readonly string[] {
  const parts = version.split(".");
  if (parts.length >= 3) return [version];
  const patches = Array.from({ length: MAX_PATCH + 1 }, (_, patch) => patch);
  if (parts.length === 2) return patches.map((patch) => `${version}.${patch}`);
  const minors = Array.from({ length: MAX_MINOR + 1 }, (_, minor) => minor);
  return minors.flatMap((minor) => patches.map((patch) => `${version}.${minor}.${patch}`));
}
