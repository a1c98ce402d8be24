import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Place, Span, TomlPath } from "./diagnostic.ts";
import type { SourceText } from "./source-text.ts";

/**
 * The span of a place in its source. A TOML entry that does not exist is shown at the nearest thing around it, at last
 * the first line that says anything; the result is undefined when none does.
 *
 * This module loads a TOML parser of its own: import it lazily, it is needed only to show a problem.
 */
export function locate(place: Place): Span | undefined {
  if (place.kind === "span") return place.span;
  if (place.kind === "syntax") return earlier(place.span, parse(place.source).error);
  const best = nearest(place.source, place.path);
  if (best === undefined) return firstLine(place.source);
  const exact = best.path.length === place.path.length;
  return spanOf(exact && place.at === "value" ? best.value : best.key);
}

function firstLine({ text }: SourceText): Span | undefined {
  const [, blank = "", line = ""] = /^((?:[^\S\n]*\n)*)[^\S\n]*(\S.*)/.exec(text) ?? [];
  const column = 1 + (/^[^\S\n]*/.exec(text.slice(blank.length))?.[0].length ?? 0);
  return line === "" ? undefined : { line: blank.split("\n").length, column, length: line.trimEnd().length };
}

/** The spans of a value: those of its elements if it is an array with any, which may be on many lines. */
export function locateParts(source: SourceText, path: TomlPath): readonly Span[] {
  const best = nearest(source, path);
  if (best === undefined) return [];
  const value = best.path.length === path.length ? best.value : best.key;
  return value.type === "TOMLArray" && value.elements.length > 0 ? value.elements.map(spanOf) : [spanOf(value)];
}

function nearest(source: SourceText, path: TomlPath): Entry | undefined {
  const { program } = parse(source);
  let best: Entry | undefined;
  for (const entry of program === undefined ? [] : entries(program, path)) {
    if (entry.path.length > (best?.path.length ?? 0)) best = entry;
  }
  return best;
}

type Parsed = Readonly<{ program?: AST.TOMLProgram; error?: Span }>;

/** Many problems of one file are one parse. */
const parsedSources = new WeakMap<SourceText, Parsed>();

function parse(source: SourceText): Parsed {
  const known = parsedSources.get(source);
  if (known !== undefined) return known;
  const { text } = source;
  const parsed = parseText(text.length > LARGE ? withoutMiddles(text) : text);
  parsedSources.set(source, parsed);
  return parsed;
}

function parseText(text: string): Parsed {
  try {
    return { program: parseTOML(text, { tomlVersion: "1.1" }) };
  } catch (error) {
    if (error instanceof ParseError) return { error: { line: error.lineNumber, column: error.column + 1, length: 1 } };
    // The stack overflows on long texts and deep nesting.
    const shorter = withoutMiddles(text).replace(/([^"'\\\n]{10000})[^"'\\\n]+/g, "$1");
    const { program } = shorter.length < text.length ? parseText(shorter) : {};
    return program === undefined ? {} : { program };
  }
}

/** From here on the parser takes too much memory: it makes an object of each character. */
const LARGE = 100_000;

/** Without the inner part of long strings, lines are still right, and columns up to them. */
function withoutMiddles(text: string): string {
  return text.replace(STRING, shortened);
}

/** A comment, or a string on one line; one that is not closed ends with it. */
const STRING = /#[^\n]*|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?/g;

function shortened(text: string): string {
  if (text.length < 10_000 || !text.endsWith(text.charAt(0))) return text;
  const [start = ""] = /^.(?:[^\\]|\\.){0,5000}/.exec(text) ?? [];
  return start + text.charAt(0);
}

/** Either parser may notice late, such as at the end of a line for a key that is there twice; neither does so early. */
function earlier(one: Span | undefined, other: Span | undefined): Span | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.line < other.line || (one.line === other.line && one.column <= other.column) ? one : other;
}

type Entry = Readonly<{ path: TomlPath; key: AST.TOMLNode; value: AST.TOMLNode }>;

/** The entries on the way to `wanted`. */
function* entries(program: AST.TOMLProgram, wanted: TomlPath): Iterable<Entry> {
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") yield* keyValueEntries([], node, wanted);
    else {
      yield* headerEntries(node, wanted);
      if (!isPrefix(node.resolvedKey, wanted)) continue;
      for (const pair of node.body) yield* keyValueEntries(node.resolvedKey, pair, wanted);
    }
  }
}

function* headerEntries({ resolvedKey, key }: AST.TOMLTable, wanted: TomlPath): Iterable<Entry> {
  let names = 0;
  for (const [index, part] of resolvedKey.entries()) {
    const path = resolvedKey.slice(0, index + 1);
    if (!isPrefix(path, wanted)) return;
    if (typeof part === "string") names++;
    const name = key.keys[names - 1] ?? key;
    yield { path, key: name, value: name };
  }
}

function* keyValueEntries(prefix: TomlPath, { key, value }: AST.TOMLKeyValue, wanted: TomlPath): Iterable<Entry> {
  const names = key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
  for (const [index, name] of key.keys.entries()) {
    const path = [...prefix, ...names.slice(0, index + 1)];
    if (!isPrefix(path, wanted)) return;
    yield { path, key: name, value: index < names.length - 1 ? name : value };
  }
  yield* valueEntries([...prefix, ...names], value, wanted);
}

function* valueEntries(path: TomlPath, value: AST.TOMLContentNode, wanted: TomlPath): Iterable<Entry> {
  if (value.type === "TOMLInlineTable") {
    for (const pair of value.body) yield* keyValueEntries(path, pair, wanted);
  } else if (value.type === "TOMLArray") {
    const index = wanted[path.length];
    const element = typeof index === "number" ? value.elements[index] : undefined;
    if (index === undefined || element === undefined) return;
    yield { path: [...path, index], key: element, value: element };
    yield* valueEntries([...path, index], element, wanted);
  }
}

function isPrefix(prefix: TomlPath, path: TomlPath): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => part === path[index]);
}

function spanOf({ loc: { start, end } }: AST.TOMLNode): Span {
  const length = start.line === end.line ? Math.max(1, end.column - start.column) : 1;
  return { line: start.line, column: start.column + 1, length };
}
