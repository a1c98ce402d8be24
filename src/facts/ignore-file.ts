import { atSpan, type Place } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { tooLarge } from "./bounded-reader.ts";

/** The file whose patterns leave files out of the build context. One with the build file's name in front overrides it. */
export const IGNORE_FILE = ".dockerignore";

/** One pattern of an ignore file, with its `!` if it brings files back, and the line that it stands on. */
export type IgnoreRule = Readonly<{ pattern: string; line: number }>;

/** The rules that leave files out of a build context, in order: the last one that matches decides. */
export type IgnoreFile = Readonly<{ source: SourceText; rules: readonly IgnoreRule[] }>;

/** The largest ignore file that is read, in characters: each rule is tried with each path that the plan asks for. */
const MAX_RULES = 64 * 1024;

/**
 * Reads the ignore file of a context: the first of these paths that exists. If none exists, there are no rules.
 * @throws UserError when it is too large.
 */
export async function readIgnoreFile(
  readText: (path: string) => Promise<string | undefined>,
  paths: readonly string[],
): Promise<IgnoreFile> {
  for (const path of paths) {
    const text = await readText(path);
    if (text !== undefined && text.length > MAX_RULES) throw tooLarge(path, text.length, MAX_RULES);
    if (text !== undefined) return parseIgnoreFile(sourceText(path, text));
  }
  return parseIgnoreFile(sourceText(IGNORE_FILE, ""));
}

/**
 * The rules of an ignore file, in order (moby/patternmatcher `ignorefile`): comments start in the first column, a leading
 * slash is ignored, `!` brings files back.
 */
export function parseIgnoreFile(source: SourceText): IgnoreFile {
  const rules = source.text
    .split("\n")
    .map((line, index) => ({ pattern: line.startsWith("#") ? "" : cleanPattern(line.trim()), line: index + 1 }))
    .filter(({ pattern }) => pattern !== "");
  return { source, rules };
}

/** Where a rule stands. */
export function ignorePlace({ source }: IgnoreFile, { line }: IgnoreRule): Place {
  const text = source.text.split("\n", line).at(-1) ?? "";
  const column = text.length - text.trimStart().length + 1;
  return atSpan(maskCredentials(source), { line, column, length: Math.max(1, text.trim().length) });
}

function cleanPattern(line: string): string {
  const negated = line.startsWith("!");
  const path = cleanPath((negated ? line.slice(1) : line).trim());
  return path === "" ? "" : `${negated ? "!" : ""}${path}`;
}

function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    const up = part === "..";
    if (up && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== "." && !(up && path.startsWith("/"))) parts.push(part);
  }
  if (parts.length === 0) return path === "" || path.startsWith("/") ? "" : ".";
  return parts.join("/");
}
