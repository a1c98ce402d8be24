import type { Template } from "../substitution/template.ts";

/** A value that the language of Dockerfiles cannot express. */
export class UnsayableError extends Error {
  override readonly name = "UnsayableError";
}

/** Text that needs no quotes. */
const PLAIN = /^[A-Za-z0-9_./:@%+,-]+$/;

/**
 * A value of ENV or LABEL, quoted unless it is plain, with its variable references (BuildKit `frontend/dockerfile/shell/lex.go`).
 * @throws UnsayableError for line breaks, which a Dockerfile has no escape for, and for a requirement within a default,
 * which it checks even when the default does not count.
 */
export function dockerfileValue(template: Template): string {
  if (template.length === 1 && typeof template[0] === "string" && PLAIN.test(template[0])) return template[0];
  return `"${parts(template, (text) => text.replace(/["$\\]/g, "\\$&"))}"`;
}

function parts(template: Template, quote: (text: string) => string): string {
  return template
    .map((part) => {
      if (typeof part === "string") {
        if (/[\r\n]/.test(part)) throw new UnsayableError("a line break in a value");
        return quote(part);
      }
      if (part.operand.some((one) => typeof one !== "string" && one.operator?.endsWith("?"))) {
        throw new UnsayableError(`a required variable within the default of another variable (${part.name})`);
      }
      // A word after an operator is read without the surrounding quotes: everything special in it is escaped.
      const word = parts(part.operand, (text) => text.replace(/["'$\\{}]/g, "\\$&"));
      return `\${${part.name}${part.operator ?? ""}${word}}`;
    })
    .join("");
}
