import { atValue, type Span, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { Origin, OriginFile } from "../llb/origin.ts";

/** A place in a file in the words of BuildKit, whose columns count from zero. */
export function originOf(source: SourceText | undefined, span: Span | undefined): Origin | undefined {
  return source === undefined || span === undefined ? undefined : originIn(originFile(source), span);
}

/** Finds entries of a build file, for the steps that they lead to. The parser for it is loaded only now. */
export async function originReader(source: SourceText): Promise<(path: TomlPath) => Origin | undefined> {
  const { locate } = await import("../diagnostic/locate.ts");
  // One object: the file is sent once, however many steps refer to it.
  const file = originFile(source);
  return (path) => {
    const span = locate(atValue(source, ...path));
    return span === undefined ? undefined : originIn(file, span);
  };
}

function originFile(source: SourceText): OriginFile {
  return { ...source, ...(source.filename.endsWith(".toml") && { language: "TOML" }) };
}

function originIn(file: OriginFile, { line, column, length }: Span): Origin {
  const start = { line, character: column - 1 };
  return { file, ranges: [{ start, end: { line, character: start.character + length } }] };
}
