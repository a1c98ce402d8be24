import type { Diagnostic, Span } from "./diagnostic.ts";
import type { SourceText } from "./source-text.ts";

/** A diagnostic whose place has been looked up. */
export type LocatedDiagnostic = Readonly<{ diagnostic: Diagnostic; source?: SourceText; span?: Span }>;

/** Looks up the spans of diagnostics, and puts those of one file in its order. */
export async function locateDiagnostics(diagnostics: readonly Diagnostic[]): Promise<readonly LocatedDiagnostic[]> {
  if (diagnostics.every(({ place }) => place === undefined)) return diagnostics.map((diagnostic) => ({ diagnostic }));
  const { locate } = await import("./locate.ts");
  const located = diagnostics.map((diagnostic): LocatedDiagnostic => {
    if (diagnostic.place === undefined) return { diagnostic };
    const { source } = diagnostic.place;
    const span = locate(diagnostic.place);
    return span === undefined ? { diagnostic, source } : { diagnostic, source, span };
  });
  return located.sort(byPlace);
}

function byPlace(one: LocatedDiagnostic, other: LocatedDiagnostic): number {
  if (one.source?.filename !== other.source?.filename) return 0;
  const [a, b] = [one.span, other.span];
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/**
 * Problems as text for a terminal: for each `file:line:column`, what is wrong, the line with a caret under the place,
 * and what to do. No colour, no trailing newline.
 */
export function renderDiagnostics(located: readonly LocatedDiagnostic[], severity: "error" | "warning"): string {
  const blocks = located.map((one) => renderOne(one, severity));
  return blocks.length > 1 ? [`${blocks.length} ${severity}s:`, ...blocks].join("\n\n") : blocks.join("");
}

function renderOne({ diagnostic, source, span }: LocatedDiagnostic, severity: string): string {
  const { code, message, help } = diagnostic;
  const where =
    source === undefined ? "" : `${visible(source.filename)}${span ? `:${span.line}:${span.column}` : ""}: `;
  const lines = [`${where}${severity}: ${visible(message)} [${code}]`];
  if (source !== undefined && span !== undefined) lines.push(...excerpt(source, span));
  if (help !== undefined) lines.push(`  help: ${visible(help)}`);
  return lines.join("\n");
}

/** A long line is cut around its place: a terminal is some 100 columns wide. */
const EXCERPT_WIDTH = 100;

function excerpt({ text }: SourceText, { line, column, length }: Span): readonly string[] {
  const whole = (text.split(/\r\n|\n/, line)[line - 1] ?? "").replaceAll("\t", " ");
  const start = Math.max(0, column - 1 - EXCERPT_WIDTH / 2);
  const cut = whole.slice(start, start + EXCERPT_WIDTH);
  const head = start > 0 ? "…" : "";
  const tail = start + EXCERPT_WIDTH < whole.length ? "…" : "";
  const number = String(line);
  const caretAt = head.length + column - 1 - start;
  const carets = "^".repeat(Math.max(1, Math.min(length, cut.length - (column - 1 - start))));
  return [
    `  ${number} | ${visible(`${head}${cut}${tail}`)}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(caretAt)}${carets}`,
  ];
}

/** Control characters and direction overrides, which could rewrite what a terminal shows, made visible one for one. */
function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, "\uFFFD");
}
