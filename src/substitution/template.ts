/** A value with variable references: literal text and variables, in order. A plain text is a template of one part. */
export type Template = readonly (string | Variable)[];

/** A reference such as `$NAME`, `${NAME}` or `${NAME:-operand}`. */
export type Variable = Readonly<{ name: string; operator?: Operator; operand: Template }>;

/** What a reference does when its variable is unset, or with a colon also when it is empty (POSIX.1-2017 XCU 2.6.2). */
export type Operator = ":-" | "-" | ":+" | "+" | ":?" | "?";

/** A reference that cannot be read; `offset` counts UTF-16 units from the start of the text. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const REFERENCE = /^[A-Za-z_][A-Za-z0-9_]*/;
const OPERATOR = /^:?[-+?]/;

/**
 * Reads `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:+alternative}`, `${VAR:?message}`. `\$` is a
 * dollar sign, `\\` a backslash before one; a dollar sign before anything else stands for itself.
 * @throws TemplateError for an unfinished or unknown `${…}`.
 */
export function parseTemplate(text: string): Template {
  return read(text, 0, 0).template;
}

/** Deeper nesting is no accident; reading is recursive and must not overflow on it. */
const MAX_DEPTH = 64;

type Reading = Readonly<{ template: Template; end: number }>;

function read(text: string, start: number, depth: number): Reading {
  const parts: (string | Variable)[] = [];
  let literal = "";
  let at = start;
  while (at < text.length && !(depth > 0 && text[at] === "}")) {
    const next = text[at + 1] ?? "";
    if (text[at] === "\\") {
      const escaped = depth > 0 ? readOperandEscape(next) : readEscape(text, at);
      literal += escaped.literal;
      at += escaped.length;
    } else if (text[at] === "$" && (next === "{" || REFERENCE.test(next))) {
      if (literal !== "") parts.push(literal);
      literal = "";
      const { variable, end } = readVariable(text, at, depth);
      parts.push(variable);
      at = end;
    } else {
      // As much as has no meaning at once: character by character a long text takes a hundred times its size.
      const end = nextSpecial(text, at + 1);
      literal += text.slice(at, end);
      at = end;
    }
  }
  if (literal !== "") parts.push(literal);
  return { template: parts, end: at };
}

function nextSpecial(text: string, from: number): number {
  SPECIAL.lastIndex = from;
  return SPECIAL.exec(text)?.index ?? text.length;
}

const SPECIAL = /[\\$}]/g;

/** Some characters of a text, and what they stand for. */
type Escape = Readonly<{ literal: string; length: number }>;

/** Backslashes stand for themselves, as in Windows paths and regular expressions, unless a dollar sign follows them. */
function readEscape(text: string, start: number): Escape {
  let end = start;
  while (text[end] === "\\") end++;
  const count = end - start;
  if (text[end] !== "$") return { literal: "\\".repeat(count), length: count };
  const isEscaped = count % 2 === 1;
  return { literal: "\\".repeat(count / 2) + (isEscaped ? "$" : ""), length: count + (isEscaped ? 1 : 0) };
}

/** In an operand, a backslash also escapes the end of it and itself. */
function readOperandEscape(next: string): Escape {
  return next === "$" || next === "\\" || next === "}" ? { literal: next, length: 2 } : { literal: "\\", length: 1 };
}

function readVariable(text: string, dollar: number, depth: number): Readonly<{ variable: Variable; end: number }> {
  if (depth >= MAX_DEPTH) throw new TemplateError("variables are nested too deeply", dollar);
  const braced = text[dollar + 1] === "{";
  const nameAt = dollar + (braced ? 2 : 1);
  const name = REFERENCE.exec(text.slice(nameAt, nameAt + 1024))?.[0];
  if (name === undefined) throw new TemplateError('"${" must be followed by a variable name', dollar);
  let at = nameAt + name.length;
  if (!braced) return { variable: { name, operand: [] }, end: at };
  if (text[at] === "}") return { variable: { name, operand: [] }, end: at + 1 };
  const operator = OPERATOR.exec(text.slice(at, at + 2))?.[0] as Operator | undefined;
  if (operator === undefined) {
    const problem = at < text.length ? `\${${name}… has an unknown operator; known are :- - :+ + :? ?` : unclosed(name);
    throw new TemplateError(problem, dollar);
  }
  at += operator.length;
  const { template, end } = read(text, at, depth + 1);
  if (text[end] !== "}") throw new TemplateError(unclosed(name), dollar);
  return { variable: { name, operator, operand: template }, end: end + 1 };
}

function unclosed(name: string): string {
  return `\${${name} is not closed by "}"`;
}
