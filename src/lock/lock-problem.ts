import { atSpan, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";

/** A problem of a lock, at the package of a number if it is one's. */
export function lockProblem(
  source: SourceText,
  code: Diagnostic["code"],
  message: string,
  { position, help }: Readonly<{ position?: number; help?: string }> = {},
): Diagnostic {
  const line = position === undefined ? undefined : lineOf(source.text, position);
  return {
    code,
    message,
    place: atSpan(source, { line: line ?? 1, column: 1, length: 1 }),
    ...(help !== undefined && { help }),
  };
}

/** The line of the table of a package: of the name in it, which says more than the header. */
function lineOf(text: string, position: number): number | undefined {
  const lines = text.split("\n");
  let count = -1;
  const header = lines.findIndex((line) => /^\s*\[\[\s*packages?\s*\]\]/.test(line) && ++count === position);
  if (header < 0) return undefined;
  const name = lines.slice(header + 1, header + 4).findIndex((line) => /^\s*name\s*=/.test(line));
  return header + 1 + (name < 0 ? 0 : name + 1);
}

/** Ends reading a lock. */
export function failLock(...problem: Parameters<typeof lockProblem>): never {
  throw new UserError(lockProblem(...problem));
}
