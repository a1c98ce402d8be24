import { validRange } from "@renovatebot/pep440";

const CLAUSE =
  /^(\^|~=|~|[<>]=?|[=!]=|=|)\s*v?(\d+(?:\.\d+)*)(?:(\.\*)|([-_.]?(?:a|b|rc|alpha|beta|dev|post)[-_.]?\d*))?$/;

/**
 * One alternative of Poetry's constraint language as a PEP 440 specifier set: caret, tilde and wildcards besides PEP 440
 * (poetry-core `constraints/version/parser.py`). Undefined for what cannot be said so, such as alternatives by `||`.
 */
export function poetrySpecifier(text: string): string | undefined {
  const clauses = text.split(/,|(?<=[\d*])\s+(?=[<>=!~^])/).map((clause) => poetryClause(clause.trim()));
  if (clauses.some((clause) => clause === undefined)) return undefined;
  const set = clauses.filter((clause) => clause !== "").join(",");
  return set === "" || validRange(set) ? set : undefined;
}

function poetryClause(clause: string): string | undefined {
  if (clause === "*") return "";
  const match = CLAUSE.exec(clause);
  if (match === null) return undefined;
  const [, operator = "", release = "", wildcard, suffix = ""] = match;
  const version = release + suffix;
  switch (operator) {
    case "^":
      return `>=${version},<${caretLimit(release)}`;
    case "~":
      return `>=${version},<${tildeLimit(release)}`;
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

/** The first part that is not zero may not change; of zeros only, the last one written. */
function caretLimit(release: string): string {
  const parts = release.split(".").map(Number);
  const first = parts.findIndex((part) => part !== 0);
  const fixed = first < 0 ? parts.length - 1 : first;
  return [...parts.slice(0, fixed), (parts[fixed] ?? 0) + 1].join(".");
}

function tildeLimit(release: string): string {
  const [major = 0, minor] = release.split(".").map(Number);
  return minor === undefined ? `${major + 1}` : `${major}.${minor + 1}`;
}
