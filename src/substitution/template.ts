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
const ESCAPABLE = new Set(["$", "\\", "}"]);

/**
 * Reads `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:+alternative}`, `${VAR:?message}`. `\$` is a
 * dollar sign, `\\` a backslash before one; a dollar sign before anything else stands for itself.
 * @throws TemplateError for an unfinished or unknown `${…}`.
 */
export function parseTemplate(text: string): Template {
  return read(text, 0, false).template;
}

type Reading = Readonly<{ template: Template; end: number }>;

function read(text: string, start: number, nested: boolean): Reading {
  const parts: (string | Variable)[] = [];
  let literal = "";
  let at = start;
  while (at < text.length && !(nested && text[at] === "}")) {
    const next = text[at + 1] ?? "";
    if (text[at] === "\\" && isEscape(text, at, nested)) {
      literal += next;
      at += 2;
    } else if (text[at] === "$" && (next === "{" || REFERENCE.test(next))) {
      if (literal !== "") parts.push(literal);
      literal = "";
      const { variable, end } = readVariable(text, at);
      parts.push(variable);
      at = end;
    } else {
      literal += text[at];
      at++;
    }
  }
  if (literal !== "") parts.push(literal);
  return { template: parts, end: at };
}

function isEscape(text: string, at: number, nested: boolean): boolean {
  const next = text[at + 1] ?? "";
  // A backslash elsewhere is a backslash: Windows paths and regular expressions need no doubling.
  if (next === "\\") return text[at + 2] === "$" || nested;
  return next === "$" || (nested && ESCAPABLE.has(next));
}

function readVariable(text: string, dollar: number): Readonly<{ variable: Variable; end: number }> {
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
  const { template, end } = read(text, at, true);
  if (text[end] !== "}") throw new TemplateError(unclosed(name), dollar);
  return { variable: { name, operator, operand: template }, end: end + 1 };
}

function unclosed(name: string): string {
  return `\${${name} is not closed by "}"`;
}
