import type { Span, TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { Origin, OriginFile, OriginRange } from "../llb/origin.ts";

/** A place in a file in the words of BuildKit, whose columns count from zero. */
export function originOf(source: SourceText | undefined, span: Span | undefined): Origin | undefined {
  return source === undefined || span === undefined
    ? undefined
    : { file: originFile(source), ranges: [originRange(span)] };
}

/** Finds entries of a build file, for the steps that they lead to. The parser for it is loaded only now. */
export async function originReader(source: SourceText): Promise<(path: TomlPath) => Origin | undefined> {
  const { locateParts } = await import("../diagnostic/locate.ts");
  // One object: the file is sent once, however many steps refer to it.
  const file = originFile(source);
  return (path) => {
    const spans = locateParts(source, path);
    return spans.length === 0 ? undefined : { file, ranges: spans.map(originRange) };
  };
}

function originFile(source: SourceText): OriginFile {
  return { ...source, ...(source.filename.endsWith(".toml") && { language: "TOML" }) };
}

function originRange({ line, column, length }: Span): OriginRange {
  const start = { line, character: column - 1 };
  return { start, end: { line, character: start.character + length } };
}
