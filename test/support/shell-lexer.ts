/** A piece of shell text: a word after its quotes are removed, or an operator. */
export type Token = Readonly<{ kind: "word" | "operator"; text: string }>;

const OPERATORS = ["&&", "||", ";;", "<<", ">>", ">&", "<&", "&", "|", ";", "<", ">", "(", ")", "\n"];

/**
 * Splits shell text as POSIX.1-2017 XCU 2.3 does, in what our scripts use. What would be expanded outside of single
 * quotes stands in the word as code: marked, so that it cannot be mistaken for text that says the same.
 */
export function shellTokens(script: string): readonly Token[] {
  const tokens: Token[] = [];
  let word: string | undefined;
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}`);
  };
  const end = (): void => {
    if (word !== undefined) tokens.push({ kind: "word", text: word });
    word = undefined;
  };
  /** Up to the parenthesis that closes a command substitution, whose inside is code again. */
  const substitution = (): string => {
    const start = at + 1;
    let depth = 0;
    for (; at < script.length; at++) {
      if (script[at] === "\\") at++;
      else if (script[at] === "'") at = closing(at);
      else if (script[at] === "(") depth++;
      else if (script[at] === ")" && --depth === 0) return script.slice(start, at++);
    }
    return fail("$( without its end");
  };
  const closing = (from: number): number => {
    const found = script.indexOf("'", from + 1);
    return found < 0 ? fail("' without its end") : found;
  };
  const dollar = (): string => {
    at++;
    if (script[at] === "(") return `\0code:$(${shellShape(substitution()).join(" ").replaceAll("\0", "~")})\0`;
    const name = /^(?:\{[^}]*\}|[A-Za-z_]\w*|[@?$0-9#*!-])/.exec(script.slice(at, at + 100))?.[0];
    if (name === undefined) return "$";
    at += name.length;
    return `\0code:$${name}\0`;
  };
  while (at < script.length) {
    const character = script[at] ?? "";
    const operator = OPERATORS.find((one) => script.startsWith(one, at));
    if (character === " " || character === "\t") {
      end();
      at++;
    } else if (operator !== undefined) {
      end();
      tokens.push({ kind: "operator", text: operator });
      at += operator.length;
    } else if (character === "#" && word === undefined) {
      at = script.indexOf("\n", at) < 0 ? script.length : script.indexOf("\n", at);
    } else if (character === "\\") {
      if (script[at + 1] !== "\n") word = (word ?? "") + (script[at + 1] ?? fail("a backslash without a character"));
      at += 2;
    } else if (character === "'") {
      const close = closing(at);
      word = (word ?? "") + script.slice(at + 1, close);
      at = close + 1;
    } else if (character === '"') {
      word ??= "";
      at++;
      while (script[at] !== '"') {
        if (at >= script.length) fail('" without its end');
        if (script[at] === "$") word += dollar();
        else if (script[at] === "`") fail("a backquote");
        else if (script[at] === "\\" && /["$\\`]/.test(script[at + 1] ?? "")) {
          word += script[at + 1];
          at += 2;
        } else word += script[at++];
      }
      at++;
    } else if (character === "$") word = (word ?? "") + dollar();
    else if (character === "`") fail("a backquote");
    else {
      word = (word ?? "") + (/[*?[~{}!]/.test(character) ? `\0code:${character}\0` : character);
      at++;
    }
  }
  end();
  return tokens;
}

/** What a script is made of besides the text of its words: its operators, and the code within words. */
export function shellShape(script: string): readonly string[] {
  return shellTokens(script).map(({ kind, text }) =>
    kind === "operator" ? text : `word${(text.match(/\0code:[^\0]*\0/g) ?? []).join("")}`,
  );
}
