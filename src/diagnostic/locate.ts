import { type AST, parseTOML } from "toml-eslint-parser";
import type { Place, Span, TomlPath } from "./diagnostic.ts";

/**
 * The span of a place in its source. A TOML entry that does not exist is shown at the nearest thing around it; the
 * result is undefined when the text has nothing to point at.
 *
 * This module loads a TOML parser of its own: import it lazily, it is needed only to show a problem.
 */
export function locate(place: Place): Span | undefined {
  if (place.kind === "span") return place.span;
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(place.source.text);
  } catch {
    return undefined;
  }
  let best: Entry | undefined;
  for (const entry of entries(program)) {
    if (entry.path.length > (best?.path.length ?? 0) && isPrefix(entry.path, place.path)) best = entry;
  }
  if (best === undefined) return undefined;
  const exact = best.path.length === place.path.length;
  return spanOf(exact && place.at === "value" ? best.value : best.key);
}

type Entry = Readonly<{ path: TomlPath; key: AST.TOMLNode; value: AST.TOMLNode }>;

function* entries(program: AST.TOMLProgram): Iterable<Entry> {
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") yield* keyValueEntries([], node);
    else {
      const { resolvedKey, key, body } = node;
      for (let depth = 1; depth <= resolvedKey.length; depth++) {
        yield { path: resolvedKey.slice(0, depth), key, value: key };
      }
      for (const pair of body) yield* keyValueEntries(resolvedKey, pair);
    }
  }
}

function* keyValueEntries(prefix: TomlPath, { key, value }: AST.TOMLKeyValue): Iterable<Entry> {
  const names = key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value));
  const path = [...prefix, ...names];
  for (let depth = prefix.length + 1; depth < path.length; depth++) {
    yield { path: path.slice(0, depth), key: key.keys[depth - prefix.length - 1] ?? key, value: key };
  }
  yield { path, key: key.keys.at(-1) ?? key, value };
  yield* valueEntries(path, value);
}

function* valueEntries(path: TomlPath, value: AST.TOMLContentNode): Iterable<Entry> {
  if (value.type === "TOMLInlineTable") {
    for (const pair of value.body) yield* keyValueEntries(path, pair);
  } else if (value.type === "TOMLArray") {
    for (const [index, element] of value.elements.entries()) {
      yield { path: [...path, index], key: element, value: element };
      yield* valueEntries([...path, index], element);
    }
  }
}

function isPrefix(prefix: TomlPath, path: TomlPath): boolean {
  return prefix.length <= path.length && prefix.every((part, index) => part === path[index]);
}

function spanOf({ loc: { start, end } }: AST.TOMLNode): Span {
  const length = start.line === end.line ? Math.max(1, end.column - start.column) : 1;
  return { line: start.line, column: start.column + 1, length };
}
