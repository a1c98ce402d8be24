import { atSpan, type Diagnostic } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import type { SourceText } from "../diagnostic/source-text.ts";

/** A problem of a lock. It is placed at the package with the number `position`, if there is one. */
export function lockProblem(
  source: SourceText,
  code: Diagnostic["code"],
  message: string,
  { position, help }: Readonly<{ position?: number; help?: string }> = {},
): Diagnostic {
  const { shown, lines } = indexOf(source);
  const line = position === undefined ? undefined : lines[position];
  return {
    code,
    message,
    place: atSpan(shown, { line: line ?? 1, column: 1, length: 1 }),
    ...(help !== undefined && { help }),
  };
}

/** A lock that can be shown: URLs without user names and passwords, and without queries and fragments, where some hosts take passwords. */
export function shownLock(source: SourceText): SourceText {
  const { filename, text } = maskCredentials(source);
  const hidden = (address: string): string => {
    const shown = address.search(/[?#]/) + 1;
    return shown === 0 ? address : address.slice(0, shown) + "*".repeat(address.length - shown);
  };
  return { filename, text: text.replace(/:\/\/[^\s"']*/g, hidden) };
}

type LockIndex = Readonly<{ shown: SourceText; lines: readonly number[] }>;

/** A lock that has one problem may have thousands. */
const INDICES = new WeakMap<SourceText, LockIndex>();

function indexOf(source: SourceText): LockIndex {
  const index = INDICES.get(source) ?? { shown: shownLock(source), lines: packageLines(source.text) };
  INDICES.set(source, index);
  return index;
}

const HEADER = /^[ \t]*\[\[[ \t]*(?:packages?|distribution)[ \t]*\]\]/;

/** The lines of the tables of packages: in each the line of the name, which says more than the header. */
function packageLines(text: string): readonly number[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    if (!HEADER.test(line)) return [];
    const name = lines.slice(index + 1, index + 4).findIndex((one) => /^\s*name\s*=/.test(one));
    return [index + 1 + (name < 0 ? 0 : name + 1)];
  });
}
