/**
 * A function that tells which pattern of an ignore file leaves a path out: the index of the last one that matches, or
 * undefined if the path stays. A pattern that matches a directory above the path matches the path (moby/patternmatcher
 * `MatchesUsingParentResults`, by which clients walk a directory).
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => number | undefined {
  const rules = patterns.map((pattern) => {
    const negated = pattern.startsWith("!");
    return { negated, matches: patternTest(negated ? pattern.slice(1) : pattern) };
  });
  return (path) => {
    if (path.length > MAX_PATH) return undefined;
    let above: readonly boolean[] = [];
    let last: number | undefined;
    for (let end = 0; end < path.length; ) {
      const slash = path.indexOf("/", end + 1);
      end = slash < 0 ? path.length : slash;
      const current = path.slice(0, end);
      const parent = above;
      last = undefined;
      above = rules.map(({ negated, matches }, index) => {
        // A pattern that would change nothing is not tried, and is not inherited by what is in the directory.
        const isMatch = parent[index] || (negated === (last !== undefined) && matches(current));
        if (isMatch) last = negated ? undefined : index;
        return isMatch;
      });
    }
    return last;
  };
}

/** No file has a longer path (Linux `PATH_MAX`), but a build file may contain one. */
const MAX_PATH = 4096;

/**
 * A function that tells whether a pattern matches a path itself, not a path above or below it: `*` and `?` stand for
 * anything but a slash, `**` for any number of directories, brackets for one of their characters. A malformed pattern
 * matches nothing (moby/patternmatcher `compile` and `match`).
 */
export function patternTest(pattern: string): (path: string) => boolean {
  const tokens = pattern.match(/(?:\*\*\/)+(?:\*\*)?|\*\*|\\.|./gsu) ?? [];
  if (!tokens.some(isWild)) return (path) => path === pattern;
  // Two stars at the beginning need no slash after them: **name is the end of any path.
  const [first = "", ...rest] = tokens;
  if (first.startsWith("**") && !rest.some(isWild) && !/[^*]\*/.test(first)) {
    const end = pattern.slice(2);
    return (path) => path.endsWith(end) || (end.startsWith("/") && path === end.slice(1));
  }
  const source = tokens.map((token, index) => expression(token, index === tokens.length - 1)).join("");
  try {
    const compiled = new RegExp(`^${source}$`, "su");
    return (path) => compiled.test(path);
  } catch {
    return () => false;
  }
}

function isWild(token: string): boolean {
  return /^(?:[*?[\]]|\\.)/su.test(token);
}

function expression(token: string, isLast: boolean): string {
  // Any number of them in a row is one: else matching would try all ways to divide a path among them.
  if (token.startsWith("**")) return isLast ? ".*" : "(?:.*/)?";
  if (token === "*") return "[^/]*";
  if (token === "?") return "[^/]";
  if (/^\\./su.test(token)) return literal(token.slice(1));
  return /[.+()|{}$\\]/.test(token) ? literal(token) : token;
}

/** A character that means itself, within brackets too. */
function literal(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
