import type { Place } from "../diagnostic/diagnostic.ts";
import { IGNORE_FILE, type IgnoreFile, ignorePlace } from "../facts/ignore-file.ts";
import { pathMatcher } from "../facts/path-matcher.ts";

/** Who leaves a path out of the context: microb, or a rule of the ignore file, which has a place. */
export type LeftOut = Readonly<{ by: string; place?: Place }>;

/** What is left out of the context, and how to bring it back. */
export type LeftOutReader = Readonly<{
  of: (path: string) => LeftOut | undefined;
  remedy: (path: string) => string;
}>;

/** Tells what the plan and then the ignore file leave out. Without an ignore file nothing is left out. */
export function leftOutReader(exclude: readonly string[], ignore: IgnoreFile | undefined): LeftOutReader {
  const filename = ignore?.source.filename ?? IGNORE_FILE;
  return {
    of: ignore === undefined ? () => undefined : reader(exclude, ignore),
    remedy: (path) => `write !${path} as the last line of ${filename}`,
  };
}

function reader(exclude: readonly string[], ignore: IgnoreFile): LeftOutReader["of"] {
  const { rules, source } = ignore;
  const match = pathMatcher([...exclude, ...rules.map(({ pattern }) => pattern)]);
  return (path) => {
    const index = match(path);
    if (index === undefined) return undefined;
    const rule = rules[index - exclude.length];
    if (rule === undefined) return { by: "microb" };
    return { by: `line ${rule.line} of ${source.filename}`, place: ignorePlace(ignore, rule) };
  };
}
