import { atSpan } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { Report } from "./report.ts";

const DIRECTIVE = /^#\s*(?:syntax|escape|check)\s*=/i;
const SYNTAX = /^\s*#\s*syntax\s*=/i;

/**
 * Warns of a `# syntax=` line that BuildKit does not see: only directives may stand above it (BuildKit
 * `frontend/dockerfile/parser/directives.go`). The next build by somebody else would not use this frontend.
 */
export function checkSyntaxLine(source: SourceText, report: Report): void {
  const lines = source.text.split(/\r\n|\n/);
  const start = lines[0]?.startsWith("#!") ? 1 : 0;
  const seen = lines.slice(start).findIndex((line) => !DIRECTIVE.test(line)) + start;
  const index = lines.findIndex((line) => SYNTAX.test(line));
  if (index < 0 || index < seen || seen < start) return;
  const line = lines[index] ?? "";
  report.warn({
    code: "syntax.unseen",
    message: "BuildKit does not see this syntax line: something stands above it",
    place: atSpan(source, { line: index + 1, column: 1, length: line.length }),
    help: "make it the first line of the file",
  });
}
