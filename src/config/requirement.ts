import { MAX_CLAUSES } from "./meets.ts";

/**
 * One dependency as PEP 508 writes it. `specifier` and `marker` keep the user's words, with white space made regular.
 * A requirement is either by version (`specifier`, perhaps empty) or by place (`url`).
 */
export type Requirement = Readonly<{
  name: string;
  extras: readonly string[];
  specifier: string;
  url?: string;
  marker?: string;
}>;

/** A text that is no PEP 508 requirement; `offset` counts UTF-16 units from the start of the text. */
export class RequirementError extends Error {
  override readonly name = "RequirementError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/;
/** PEP 440: what each operator compares with (`packaging/specifiers.py`). */
const RELEASE = String.raw`v?(?:\d+!)?\d+(?:\.\d+)*`;
const SUFFIX = String.raw`(?:[-_.]?(?:alpha|beta|preview|pre|rc|a|b|c)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?`;
const LOCAL = String.raw`(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?`;
const END = String.raw`(?=\s*(?:[,;)]|$))`;
const CLAUSES: readonly RegExp[] = [
  /^(===)\s*([^\s,;)\u0000-\u001F\u007F]+)/,
  new RegExp(`^(==|!=)\\s*(${RELEASE}(?:\\.\\*|${SUFFIX}${LOCAL}))${END}`, "i"),
  new RegExp(`^(~=)\\s*(v?(?:\\d+!)?\\d+(?:\\.\\d+)+${SUFFIX})${END}`, "i"),
  new RegExp(`^(<=|>=|<|>)\\s*(${RELEASE}${SUFFIX})${END}`, "i"),
];

const MARKER_VARIABLE =
  /^(?:python_version|python_full_version|os_name|sys_platform|platform_(?:release|system|version|machine|python_implementation)|implementation_(?:name|version)|extra|os\.name|sys\.platform|platform\.(?:version|machine|python_implementation)|python_implementation)(?![A-Za-z0-9_.])/;
const MARKER_OPERATOR = /^(?:===|~=|==|!=|<=|>=|<|>|in(?![A-Za-z0-9_])|not\s+in(?![A-Za-z0-9_]))/;

/**
 * Reads a PEP 508 requirement (the grammar of the dependency specifiers specification).
 * @throws RequirementError
 */
export function parseRequirement(text: string): Requirement {
  const scanner = new Scanner(text);
  scanner.space();
  const name = scanner.take(NAME) ?? scanner.fail("a requirement starts with the name of a project");
  scanner.space();
  const extras = readExtras(scanner);
  scanner.space();
  const url = scanner.takeText("@") ? readUrl(scanner) : undefined;
  const specifier = url === undefined ? readSpecifier(scanner) : "";
  scanner.space();
  const marker = scanner.takeText(";") ? readMarker(scanner) : undefined;
  scanner.space();
  if (!scanner.atEnd) scanner.fail("unexpected text after the end of the requirement");
  return {
    name,
    extras,
    specifier,
    ...(url === undefined ? {} : { url }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** A requirement as text that reads back as the same: one spelling for all that mean the same. */
export function formatRequirement({ name, extras, specifier, url, marker }: Requirement): string {
  const project = extras.length > 0 ? `${name}[${extras.join(",")}]` : name;
  const wanted = url === undefined ? `${project}${specifier}` : `${project} @ ${url}`;
  if (marker === undefined) return wanted;
  return url === undefined ? `${wanted}; ${marker}` : `${wanted} ; ${marker}`;
}

function readExtras(scanner: Scanner): readonly string[] {
  if (!scanner.takeText("[")) return [];
  const extras: string[] = [];
  scanner.space();
  while (!scanner.takeText("]")) {
    if (extras.length > 0 && !scanner.takeText(",")) scanner.fail('extras are separated by "," and closed by "]"');
    scanner.space();
    extras.push(scanner.take(NAME) ?? scanner.fail("the name of an extra is expected"));
    scanner.space();
  }
  return extras;
}

function readUrl(scanner: Scanner): string {
  scanner.space();
  const url = scanner.take(/^[^\s]+/) ?? scanner.fail('a URL is expected after "@"');
  if (/[\u0000-\u001F\u007F]/.test(url)) scanner.fail("a URL cannot hold control characters");
  // A semicolon belongs to the URL unless white space separates it (dependency specifiers, "Specification" of URLs).
  return url;
}

function readSpecifier(scanner: Scanner): string {
  const parenthesized = scanner.takeText("(");
  const clauses: string[] = [];
  scanner.space();
  for (let more = !scanner.atEnd && !scanner.ahead(/^[;)]/); more; more = scanner.takeText(",")) {
    scanner.space();
    // A trailing comma is allowed by what pip accepts.
    if (clauses.length > 0 && (scanner.atEnd || scanner.ahead(/^[;)]/))) break;
    if (clauses.length === MAX_CLAUSES) scanner.fail(`the specifier has more than ${MAX_CLAUSES} clauses`);
    clauses.push(readClause(scanner));
    scanner.space();
  }
  if (parenthesized && !scanner.takeText(")")) scanner.fail('")" is missing');
  return clauses.join(",");
}

function readClause(scanner: Scanner): string {
  for (const pattern of CLAUSES) {
    const clause = scanner.match(pattern);
    if (clause !== undefined) return `${clause[1]}${clause[2]}`;
  }
  return scanner.fail("a version specifier such as >=1.2 is expected");
}

/** Deeper markers are no accident; the reader is recursive and must not overflow on them. */
const MAX_MARKER_DEPTH = 64;

/** The most comparisons of a marker: those of real locks have up to 48, and each may be decided many times. */
export const MAX_COMPARISONS = 1000;

function readMarker(scanner: Scanner, depth = 0): string {
  if (depth > MAX_MARKER_DEPTH) scanner.fail("the marker is nested too deeply");
  const terms: string[] = [readMarkerTerm(scanner, depth)];
  for (;;) {
    scanner.space();
    const conjunction = scanner.take(/^(?:and|or)(?![A-Za-z0-9_])/);
    if (conjunction === undefined) return terms.join(" ");
    terms.push(conjunction, readMarkerTerm(scanner, depth));
  }
}

function readMarkerTerm(scanner: Scanner, depth: number): string {
  scanner.space();
  if (scanner.takeText("(")) {
    const inner = readMarker(scanner, depth + 1);
    scanner.space();
    if (!scanner.takeText(")")) scanner.fail('")" is missing in the marker');
    return `(${inner})`;
  }
  if (scanner.count() > MAX_COMPARISONS) scanner.fail(`the marker has more than ${MAX_COMPARISONS} comparisons`);
  const left = readMarkerValue(scanner);
  scanner.space();
  const operator = scanner.take(MARKER_OPERATOR) ?? scanner.fail("an operator such as == is expected in the marker");
  scanner.space();
  return `${left} ${operator.replace(/\s+/, " ")} ${readMarkerValue(scanner)}`;
}

function readMarkerValue(scanner: Scanner): string {
  const quoted = scanner.take(/^(?:"[^"\u0000-\u001F\u007F]*"|'[^'\u0000-\u001F\u007F]*')/);
  if (quoted === undefined) {
    return scanner.take(MARKER_VARIABLE) ?? scanner.fail("a marker variable or a quoted text is expected");
  }
  const value = quoted.slice(1, -1);
  return value.includes('"') ? quoted : `"${value}"`;
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** How often it was called. */
  count(): number {
    this.#counted += 1;
    return this.#counted;
  }

  space(): void {
    this.take(/^[ \t]+/);
  }

  ahead(pattern: RegExp): boolean {
    return pattern.test(this.#text.slice(this.#at));
  }

  match(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#text.slice(this.#at));
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  take(pattern: RegExp): string | undefined {
    return this.match(pattern)?.[0];
  }

  takeText(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  fail(message: string): never {
    throw new RequirementError(message, this.#at);
  }
}
