import { maskText } from "../util/mask.ts";
import type { Diagnostic, Span } from "./diagnostic.ts";
import { displayWidth } from "./display-width.ts";
import { maskCredentials } from "./mask-credentials.ts";
import type { SourceText } from "./source-text.ts";

/** A diagnostic whose place has been looked up. */
export type LocatedDiagnostic = Readonly<{ diagnostic: Diagnostic; source?: SourceText; span?: Span; also?: Located }>;

/** A place that has been looked up. */
type Located = Readonly<{ source: SourceText; span: Span }>;

/** How many problems of one file are worth reading. A hostile file has a million, and a message has a limited size. */
const MAX_SHOWN = 50;

/** Looks up the spans of diagnostics, and puts those of one file in its order. The first ones stand for too many. */
export async function locateDiagnostics(diagnostics: readonly Diagnostic[]): Promise<readonly LocatedDiagnostic[]> {
  const shown = diagnostics.slice(0, MAX_SHOWN).map(masked);
  const more = diagnostics.length - shown.length;
  const located = await locateAll(shown);
  if (more === 0) return located;
  return [...located, { diagnostic: { code: "diagnostic.limit", message: `${more} more are not shown` } }];
}

/** What a message quotes may be a URL with a password. */
function masked({ message, help, ...rest }: Diagnostic): Diagnostic {
  return { ...rest, message: maskText(message), ...(help !== undefined && { help: maskText(help) }) };
}

async function locateAll(diagnostics: readonly Diagnostic[]): Promise<readonly LocatedDiagnostic[]> {
  if (diagnostics.every(({ place }) => place === undefined)) return diagnostics.map((diagnostic) => ({ diagnostic }));
  const { locate } = await import("./locate.ts");
  const located = diagnostics.map((diagnostic): LocatedDiagnostic => {
    if (diagnostic.place === undefined) return { diagnostic };
    const source = shown(diagnostic.place.source);
    const span = locate(diagnostic.place);
    const other = diagnostic.also && locate(diagnostic.also);
    const also = diagnostic.also && other && { source: shown(diagnostic.also.source), span: other };
    return { diagnostic, source, ...(span && { span }), ...(also && { also }) };
  });
  const files = [...new Set(located.map(({ source }) => source?.filename))];
  const order = ({ source }: LocatedDiagnostic): number => files.indexOf(source?.filename);
  return located.sort((one, other) => order(one) - order(other) || compareSpans(one.span, other.span));
}

/** Sources are masked once more: whoever made a place may have forgotten it. */
const SHOWN = new WeakMap<SourceText, SourceText>();

function shown(source: SourceText): SourceText {
  const known = SHOWN.get(source);
  if (known !== undefined) return known;
  const masked = maskCredentials(source);
  const same = masked.text === source.text ? source : masked;
  SHOWN.set(source, same);
  return same;
}

function compareSpans(one: Span | undefined, other: Span | undefined): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

/**
 * Problems as text for a terminal: for each `file:line:column`, what is wrong, the line with a caret under the place
 * (unless something else shows it), and what to do. No colour, no trailing newline.
 */
export function renderDiagnostics(
  located: readonly LocatedDiagnostic[],
  severity: "error" | "warning",
  isShown: (one: LocatedDiagnostic) => boolean = () => false,
): string {
  const blocks = located.map((one) => renderOne(one, severity, isShown(one)));
  const hidden = located.some(({ diagnostic }) => diagnostic.code === "diagnostic.limit");
  const count = hidden ? `More than ${blocks.length - 1}` : blocks.length;
  return blocks.length > 1 ? [`${count} ${severity}s:`, ...blocks].join("\n\n") : blocks.join("");
}

function renderOne(one: LocatedDiagnostic, severity: string, isShown: boolean): string {
  const { diagnostic, source, span, also } = one;
  const { code, message, help } = diagnostic;
  const where = source === undefined ? "" : `${position(source, span)}: `;
  const lines = [`${where}${severity}: ${prose(message)} [${code}]`];
  if (source !== undefined && span !== undefined && !isShown) lines.push(...excerpt(source, span));
  if (also !== undefined) lines.push(`  and ${position(also.source, also.span)}:`, ...excerpt(also.source, also.span));
  if (help !== undefined) lines.push(`  help: ${prose(help)}`);
  return lines.join("\n");
}

function position({ filename }: SourceText, span: Span | undefined): string {
  return visible(filename) + (span === undefined ? "" : `:${span.line}:${span.column}`);
}

/** A message may quote what the user wrote, at any length. */
const MAX_PROSE = 1000;

function prose(text: string): string {
  const cut = text.length > MAX_PROSE ? `${text.slice(0, MAX_PROSE)}…` : text;
  return cut.split("\n").map(visible).join("\n    ");
}

/** A long line is cut around its place: a terminal is some 100 columns wide. */
const EXCERPT_WIDTH = 100;

function excerpt({ text }: SourceText, { line, column, length }: Span): readonly string[] {
  const whole = text.split(/\r\n|\n/, line)[line - 1] ?? "";
  const start = Math.max(0, column - 1 - EXCERPT_WIDTH / 2);
  const end = start + EXCERPT_WIDTH;
  const markEnd = afterCharacter(whole, column - 1 + length);
  const head = (start > 0 ? "…" : "") + visible(whole.slice(start, column - 1));
  const marked = visible(whole.slice(column - 1, Math.min(end, markEnd)));
  const tail = visible(whole.slice(markEnd, end)) + (end < whole.length ? "…" : "");
  const number = String(line);
  const missing = " ".repeat(Math.max(0, column - 1 - whole.length));
  return [
    `  ${number} | ${head}${marked}${tail}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(displayWidth(head))}${missing}${"^".repeat(Math.max(1, displayWidth(marked)))}`,
  ];
}

/** A span that is one unit long may stand for a character of two. */
function afterCharacter(text: string, end: number): number {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(end - 1, end + 1)) ? end + 1 : end;
}

/** Characters that move, hide or reorder what a terminal shows, replaced one for one; a tab is one blank. */
function visible(text: string): string {
  return text.replaceAll("\t", " ").replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}
