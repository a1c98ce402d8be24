import { eq, explain, ge, gt, le, lt } from "@renovatebot/pep440";

/** The most clauses of a set of specifiers: real ones have some ten, and each is tried for each version that there is. */
export const MAX_CLAUSES = 100;

/**
 * Whether a version meets all of a set of specifiers (PEP 440), such as `>=1.2,<2`. No version meets a set of more than
 * {@link MAX_CLAUSES}. Pre-releases are treated like other
 * versions. Every version meets the empty set. A text that is not a version meets nothing. The answers are those of PyPA's
 * `packaging` (`packaging/specifiers.py`). The library that is used here answers differently for local versions, for
 * prefixes, and for `<` and `>` of a version that is not a release.
 */
export function meets(version: string, specifiers: string): boolean {
  const clauses = specifiers.split(",", MAX_CLAUSES + 1).map((clause) => clause.trim());
  return clauses.length <= MAX_CLAUSES && clauses.every((clause) => clause === "" || meetsClause(version, clause));
}

/** The library fails on numbers that a double cannot hold. */
function parse(text: string): Version | null {
  return /\d{16}/.test(text.replace(/\+.*$/s, "")) ? null : explain(text);
}

type Version = NonNullable<ReturnType<typeof explain>>;

function meetsClause(version: string, clause: string): boolean {
  const [, operator = "", text = ""] = /^(~=|===?|!=|<=?|>=?)\s*(.*)$/.exec(clause) ?? [];
  if (operator === "===") return version.toLowerCase() === text.toLowerCase();
  // Only for equality a prefix has a meaning; for others it is no version.
  const isPrefix = /^[=!]=$/.test(operator) && text.endsWith(".*");
  const [one, bound] = [parse(version), parse(isPrefix ? text.slice(0, -2) : text)];
  if (one === null || bound === null) return false;
  const { public: said } = one;
  switch (operator) {
    case "==":
      return isPrefix ? startsWith(one, bound) : equals(one, bound);
    case "!=":
      return !(isPrefix ? startsWith(one, bound) : equals(one, bound));
    case "<":
      return lt(said, text) && !isBefore(one, bound);
    case ">":
      return gt(said, text) && !isAfter(one, bound);
    case "<=":
      return le(said, text);
    case ">=":
      return ge(said, text);
    case "~=":
      return ge(said, text) && startsWith(one, { ...bound, release: bound.release.slice(0, -1) });
    default:
      return false;
  }
}

/** Whether they are the same version. If `bound` has no local part, the one of `one` is ignored. */
function equals(one: Version, bound: Version): boolean {
  return eq(one.public, bound.public) && (bound.local === null || one.local === bound.local);
}

function startsWith(one: Version, { epoch, release }: Pick<Version, "epoch" | "release">): boolean {
  return one.epoch === epoch && release.every((part, index) => (one.release[index] ?? 0) === part);
}

/** Whether `one` is a pre-release of `bound` and `bound` is not a pre-release: `<` leaves it out. */
function isBefore(one: Version, bound: Version): boolean {
  if (!one.is_prerelease || bound.is_prerelease || !eq(one.base_version, bound.base_version)) return false;
  return bound.post === null || (one.pre === null && one.post === bound.post);
}

/** Whether `one` is a post-release of `bound` and `bound` is not a post-release: `>` leaves it out. */
function isAfter(one: Version, bound: Version): boolean {
  if (one.post === null || bound.post !== null || bound.dev !== null) return false;
  return eq(one.base_version, bound.base_version) && String(one.pre) === String(bound.pre);
}
