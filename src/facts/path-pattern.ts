import { isTooLong } from "../config/path-limit.ts";

/** The lengths of a path and of the directories above it that a pattern matches, the shortest first. */
export type PatternEnds = (path: string) => readonly number[];

/**
 * A function that tells whether a pattern matches a path itself, not a path above or below it: `*` and `?` stand for
 * anything but a slash, `**` for any number of directories, brackets for one of their characters. A malformed pattern
 * matches nothing (moby/patternmatcher `compile` and `match`), nor does one that is longer than any path.
 */
export function patternTest(pattern: string): (path: string) => boolean {
  const ends = patternEnds(pattern);
  return (path) => ends(path).at(-1) === path.length;
}

/** The same for a path and all directories above it at once. */
export function patternEnds(pattern: string): PatternEnds {
  if (isTooLong(pattern)) return () => [];
  const tokens = pattern.match(/(?:\*\*\/)+(?:\*\*)?|\*\*|\\.|\[(?:\\.|[^\\\]])*\]|./gsu) ?? [];
  if (!tokens.some(isWild)) return (path) => (isAtOrAbove(pattern, path) ? [pattern.length] : []);
  // Two stars at the beginning need no slash after them: **name is the end of any path.
  const [first = "", ...rest] = tokens;
  if (first.startsWith("**") && !rest.some(isWild) && !/[^*]\*/.test(first)) {
    const end = pattern.slice(2);
    return (path) => endsIn(path).filter((length) => isEnd(end, path, length));
  }
  const parts = tokens.map((token, index) => partsOf(token, index, tokens.length));
  if (parts.includes(undefined)) return () => [];
  const flat = parts.flatMap((some) => some ?? []);
  // Most paths lack it, and looking for it takes next to no time.
  const needed = longestLiteral(tokens);
  return (path) => (path.includes(needed) && !isTooLong(path) ? matches(flat, path) : []);
}

/** The longest text that all paths have that a pattern matches, or that are below such a path. */
function longestLiteral(tokens: readonly string[]): string {
  const runs = [""];
  for (const token of tokens) {
    if (isWild(token) || token === "^") runs.push("");
    else runs.push(`${runs.pop()}${token}`);
  }
  return runs.reduce((one, other) => (other.length > one.length ? other : one));
}

function isAtOrAbove(directory: string, path: string): boolean {
  return path.startsWith(directory) && (path.length === directory.length || path[directory.length] === "/");
}

/** The lengths of a path and of the directories above it. */
export function endsIn(path: string): readonly number[] {
  const ends: number[] = [];
  for (let at = path.indexOf("/", 1); at >= 0; at = path.indexOf("/", at + 1)) ends.push(at);
  if (path !== "") ends.push(path.length);
  return ends;
}

function isEnd(end: string, path: string, length: number): boolean {
  const isWhole = end.startsWith("/") && length === end.length - 1 && path.startsWith(end.slice(1));
  return isWhole || (length >= end.length && path.startsWith(end, length - end.length));
}

function isWild(token: string): boolean {
  return /^(?:[*?[\]]|\\.)/su.test(token);
}

/**
 * A part of a pattern: the character that it takes, whether it takes any number of them, and how many parts further on
 * matching may go without one.
 */
type Part = Readonly<{ takes: (character: string) => boolean; repeats?: true; skips?: readonly number[] }>;

const ANYTHING: Part = { takes: () => true, repeats: true, skips: [1] };
const SLASH: Part = { takes: (character) => character === "/" };
/** Nothing, or anything up to a slash. */
const DIRECTORIES: readonly Part[] = [{ takes: () => false, skips: [1, 3] }, ANYTHING, SLASH];
const NO_SLASH = (character: string): boolean => character !== "/";

/** Undefined for what is malformed. */
function partsOf(token: string, index: number, count: number): readonly Part[] | undefined {
  if (token.startsWith("**")) return index === count - 1 ? [ANYTHING] : DIRECTORIES;
  if (token === "*") return [{ takes: NO_SLASH, repeats: true, skips: [1] }];
  if (token === "?") return [{ takes: NO_SLASH }];
  if (token === "[" || token === "\\") return undefined;
  if (token.startsWith("[")) return bracketed(token);
  // It stands for the beginning of a path there.
  if (token === "^") return index === 0 ? [] : undefined;
  const literal = token.startsWith("\\") ? token.slice(1) : token;
  return [{ takes: (character) => character === literal }];
}

function bracketed(token: string): readonly Part[] | undefined {
  if (/[*?]/.test(token.replace(/\\./gsu, ""))) return undefined;
  const inside = token
    .slice(1, -1)
    .replace(/\\(.)|([.+()|{}$[])/gsu, (_, escaped?: string, special?: string) => literally(escaped ?? special ?? ""));
  try {
    const compiled = new RegExp(`^[${inside}]$`, "su");
    return [{ takes: (character) => compiled.test(character) }];
  } catch {
    return undefined;
  }
}

/** A character of a regular expression that means itself, within brackets too. */
function literally(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

/**
 * Follows all ways through a pattern at once: one after the other, many stars have more ways than anybody can wait for.
 * A path is gone through once, for it and for all directories above it.
 */
function matches(parts: readonly Part[], path: string): readonly number[] {
  const entered = new Int32Array(parts.length + 1).fill(-1);
  const ends: number[] = [];
  let at = 0;
  const enter = (list: number[], part: number): void => {
    if (entered[part] === at) return;
    entered[part] = at;
    list.push(part);
    for (const skip of parts[part]?.skips ?? []) enter(list, part + skip);
  };
  let reached: number[] = [];
  enter(reached, 0);
  for (const character of path) {
    // Between two characters: a directory ends before a slash.
    if (character === "/" && at > 0 && entered[parts.length] === at) ends.push(at);
    at += character.length;
    const next: number[] = [];
    for (const one of reached) {
      const part = parts[one];
      if (part?.takes(character)) enter(next, part.repeats ? one : one + 1);
    }
    if (next.length === 0) return ends;
    reached = next;
  }
  return entered[parts.length] === at && at > 0 ? [...ends, at] : ends;
}
