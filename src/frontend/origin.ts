import type { Span } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { Origin } from "../llb/origin.ts";

/** A place in a file in the words of BuildKit, whose columns count from zero. */
export function originOf(source: SourceText | undefined, span: Span | undefined): Origin | undefined {
  if (source === undefined || span === undefined) return undefined;
  const start = { line: span.line, character: span.column - 1 };
  const end = { line: span.line, character: span.column - 1 + span.length };
  const language = source.filename.endsWith(".toml") ? { language: "TOML" } : {};
  return { file: { ...source, ...language }, ranges: [{ start, end }] };
}
