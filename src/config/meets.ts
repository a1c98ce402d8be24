import { eq, explain, ge, gt, le, lt } from "@renovatebot/pep440";

/**
 * Whether a version meets a set of specifiers (PEP 440): all of `>=1.2,<2`. Pre-releases count like others, the empty
 * set is met by all; what is no version meets nothing. As PyPA's `packaging` decides it (`packaging/specifiers.py`): the
 * library's own answer is another for local versions, for prefixes, and for `<` and `>` of what is not a release.
 */
export function meets(version: string, specifiers: string): boolean {
  const clauses = specifiers.split(",").map((clause) => clause.trim());
  return clauses.every((clause) => clause === "" || meetsClause(version, clause));
}

type Version = NonNullable<ReturnType<typeof explain>>;

function meetsClause(version: string, clause: string): boolean {
  const [, operator = "", text = ""] = /^(~=|===?|!=|<=?|>=?)\s*(.*)$/.exec(clause) ?? [];
  if (operator === "===") return version.toLowerCase() === text.toLowerCase();
  const [one, bound] = [explain(version), explain(text.replace(/\.\*$/, ""))];
  if (one === null || bound === null) return false;
  const { public: said } = one;
  switch (operator) {
    case "==":
      return text.endsWith(".*") ? startsWith(one, bound) : equals(one, bound);
    case "!=":
      return !(text.endsWith(".*") ? startsWith(one, bound) : equals(one, bound));
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

/** The same; another local version of it only when none is asked for. */
function equals(one: Version, bound: Version): boolean {
  return eq(one.public, bound.public) && (bound.local === null || one.local === bound.local);
}

function startsWith(one: Version, { epoch, release }: Pick<Version, "epoch" | "release">): boolean {
  return one.epoch === epoch && release.every((part, index) => (one.release[index] ?? 0) === part);
}

/** Whether the one is a pre-release of the other, which is none: not what `<` means. */
function isBefore(one: Version, bound: Version): boolean {
  if (!one.is_prerelease || bound.is_prerelease || !eq(one.base_version, bound.base_version)) return false;
  return bound.post === null || (one.pre === null && one.post === bound.post);
}

/** Whether the one is a post-release of the other, which is none: not what `>` means. */
function isAfter(one: Version, bound: Version): boolean {
  if (one.post === null || bound.post !== null || bound.dev !== null) return false;
  return eq(one.base_version, bound.base_version) && String(one.pre) === String(bound.pre);
}
