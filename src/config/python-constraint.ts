import { satisfies, validRange } from "@renovatebot/pep440";

/**
 * Which Python versions a project accepts: alternatives of PEP 440 specifier sets, one of which must hold. Undefined
 * when the text cannot be understood.
 */
export type PythonConstraint = readonly string[] | undefined;

/** `requires-python` of `[project]`: one PEP 440 specifier set. */
export function pep440Constraint(text: string): PythonConstraint {
  const clauses = text.split(",").map((clause) => clause.trim());
  const set = clauses.filter((clause) => clause !== "").join(",");
  return set === "" || validRange(set) ? [set] : undefined;
}

/** Poetry's constraint language: caret, tilde, wildcards and `||` besides PEP 440 (poetry-core `constraints/version`). */
export function poetryConstraint(text: string): PythonConstraint {
  const alternatives = text.split(/\|\|?/).map(poetryAlternative);
  return alternatives.every((set) => set !== undefined) ? alternatives : undefined;
}

function poetryAlternative(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const clauses = text.split(/,|(?<=[\d*])\s+(?=[<>=!~^])/).map((clause) => poetryClause(clause.trim()));
  if (clauses.some((clause) => clause === undefined)) return undefined;
  const set = clauses.filter((clause) => clause !== "").join(",");
  return set === "" || validRange(set) ? set : undefined;
}

const POETRY_CLAUSE = /^(\^|~=|~|[<>]=?|[=!]=|=|)\s*v?(\d+(?:\.\d+)*)(?:(\.\*)|((?:a|b|rc)\d+))?$/;

function poetryClause(clause: string): string | undefined {
  if (clause === "*" || clause === "") return "";
  const match = POETRY_CLAUSE.exec(clause);
  if (match === null) return undefined;
  const [, operator = "", release = "", wildcard, preRelease = ""] = match;
  const version = release + preRelease;
  switch (operator) {
    case "^":
    case "~":
      return `>=${version},<${poetryLimit(operator, release)}`;
    case "":
    case "=":
    case "==":
      return wildcard === undefined ? `==${version}` : `==${version}.*`;
    case "!=":
      return wildcard === undefined ? `!=${version}` : `!=${version}.*`;
    default:
      return operator + version;
  }
}

/** What a caret or tilde of a release stays below. */
function poetryLimit(operator: "^" | "~", release: string): string {
  const [major = 0, minor] = release.split(".").map(Number);
  return operator === "~" && minor !== undefined ? `${major}.${minor + 1}` : `${major + 1}`;
}

/**
 * Whether some release of Python that starts with `version` (`3`, `3.11` or `3.11.4`) meets a constraint. Releases that
 * do not exist yet count: a constraint on patch levels is met by the image that the registry will have.
 */
export function admits(constraint: readonly string[], version: string): boolean {
  return constraint.some((set) => set === "" || releases(version).some((release) => satisfies(release, set)));
}

/** More patch releases than any minor of Python had (3.8 ended with .20), more minors than there are. */
const MAX_PATCH = 30;
const MAX_MINOR = 30;

function releases(version: string): readonly string[] {
  const parts = version.split(".");
  if (parts.length >= 3) return [version];
  const patches = Array.from({ length: MAX_PATCH + 1 }, (_, patch) => patch);
  if (parts.length === 2) return patches.map((patch) => `${version}.${patch}`);
  const minors = Array.from({ length: MAX_MINOR + 1 }, (_, minor) => minor);
  return minors.flatMap((minor) => patches.map((patch) => `${version}.${minor}.${patch}`));
}
