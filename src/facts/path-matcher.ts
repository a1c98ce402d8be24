import { isTooLong } from "../config/path-limit.ts";
import { endsIn, patternEnds } from "./path-pattern.ts";

/**
 * A function that tells which pattern of an ignore file leaves a path out: the index of the last one that matches, or
 * undefined if the path stays. A pattern that matches a directory above the path matches the path (moby/patternmatcher
 * `MatchesUsingParentResults`, by which clients walk a directory).
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => number | undefined {
  const rules = patterns.map((pattern) => {
    const negated = pattern.startsWith("!");
    return { negated, ends: patternEnds(negated ? pattern.slice(1) : pattern) };
  });
  return (path) => {
    if (isTooLong(path)) return undefined;
    // Most rules match neither the path nor a directory above it.
    const some = rules.flatMap(({ negated, ends }, index) => {
      const lengths = new Set(ends(path));
      return lengths.size === 0 ? [] : [{ negated, lengths, index }];
    });
    let above: readonly boolean[] = [];
    let last: number | undefined;
    for (const end of endsIn(path)) {
      const parent = above;
      last = undefined;
      above = some.map(({ negated, lengths, index }, position) => {
        // A pattern that would change nothing is not tried, and is not inherited by what is in the directory.
        const isMatch = parent[position] || (negated === (last !== undefined) && lengths.has(end));
        if (isMatch) last = negated ? undefined : index;
        return isMatch;
      });
    }
    return last;
  };
}
