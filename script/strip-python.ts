/** What a program of Python consists of, as far as strings and comments have to be told from each other. */
const TOKEN = /("""|''')(?:\\.|(?!\1)[^\\])*\1|(["'])(?:\\.|(?!\2)[^\\\n])*\2|#[^\n]*|[^"'#\n]+|./gs;

type Line = Readonly<{ text: string; isDocstring: boolean }>;

/**
 * A program of Python without comments, docstrings, empty lines and half of its indentation, which each build would load:
 * what is left changes only if what it does may change.
 * Statements have to begin on lines of their own.
 */
export function stripPython(program: string): string {
  const lines = logicalLines(program).filter(({ text }) => text.trim() !== "");
  return lines
    .flatMap((line, index) => {
      const indent = " ".repeat(indentation(line.text) / 2);
      if (!line.isDocstring) return [`${indent}${line.text.trim()}\n`];
      const next = lines[index + 1];
      const isWholeBody = next === undefined || indentation(next.text) < indentation(line.text);
      return isWholeBody ? [`${indent}pass\n`] : [];
    })
    .join("");
}

/** Lines without comments; a string of several lines is in one, and so is what stands in brackets. */
function logicalLines(program: string): readonly Line[] {
  const lines: Line[] = [];
  let text = "";
  let depth = 0;
  for (const [token] of program.matchAll(TOKEN)) {
    if (token.startsWith("#")) continue;
    if (!/^["']/.test(token)) depth += count(token, /[([{]/g) - count(token, /[)\]}]/g);
    if (token !== "\n" || depth > 0) {
      // A comment in brackets leaves a line of spaces.
      text = token === "\n" ? `${text.replace(/\n[ \t]*$/, "").trimEnd()}\n` : text + token;
      continue;
    }
    lines.push({ text, isDocstring: /^\s*("""|''').*\1\s*$/s.test(text) });
    text = "";
  }
  return [...lines, { text, isDocstring: false }];
}

function indentation(line: string): number {
  return line.search(/\S|$/);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
