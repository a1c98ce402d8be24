/** Reads one word of a Dockerfile as BuildKit does (`frontend/dockerfile/shell/lex.go`), in the little of it that counts. */
export function readWord(word: string, env: Readonly<Record<string, string>>): string {
  return new Lexer(word, env).until(undefined);
}

/** The words of an instruction's arguments (`frontend/dockerfile/parser/line_parsers.go`, `parseWords`). */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (quote === "" && /\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    word += character;
    if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === "\\" && quote !== "'" && at + 1 < line.length) word += line[++at];
  }
  return word === "" ? words : [...words, word];
}

class Lexer {
  readonly #characters: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #at = 0;

  constructor(word: string, env: Readonly<Record<string, string>>) {
    this.#characters = [...word];
    this.#env = env;
  }

  /** Up to a closing character, or to the end of the word. */
  until(stop: string | undefined): string {
    let result = "";
    for (;;) {
      const character = this.#next();
      if (character === undefined && stop !== undefined) throw new Error(`${stop} is missing`);
      if (character === undefined || character === stop) return result;
      if (character === "$") result += this.#dollar();
      else if (character === "'") result += this.#single();
      else if (character === '"') result += this.#double();
      else if (character === "\\") result += this.#next() ?? "";
      else result += character;
    }
  }

  #single(): string {
    let result = "";
    for (let character = this.#next(); character !== "'"; character = this.#next()) {
      if (character === undefined) throw new Error("' is missing");
      result += character;
    }
    return result;
  }

  #double(): string {
    let result = "";
    for (let character = this.#next(); character !== '"'; character = this.#next()) {
      if (character === undefined) throw new Error('" is missing');
      if (character === "$") result += this.#dollar();
      else if (character === "\\" && ['"', "$", "\\"].includes(this.#peek() ?? "")) result += this.#next();
      else result += character;
    }
    return result;
  }

  #dollar(): string {
    if (this.#peek() !== "{") {
      const name = this.#name();
      return name === "" ? "$" : (this.#env[name] ?? "");
    }
    this.#next();
    const name = this.#name();
    const first = this.#next();
    if (first === "}") return this.#env[name] ?? "";
    const colon = first === ":";
    const operator = colon ? this.#next() : first;
    const word = this.until("}");
    const value = this.#env[name];
    const isSet = value !== undefined && !(colon && value === "");
    if (operator === "-") return isSet ? value : word;
    if (operator === "+") return isSet ? word : "";
    if (operator !== "?") throw new Error(`unsupported modifier ${operator}`);
    if (!isSet) throw new Error(`${name}: ${word}`);
    return value;
  }

  #name(): string {
    if (/[0-9@*#?!$-]/.test(this.#peek() ?? "")) throw new Error("a special parameter: not ours");
    let name = "";
    while (/[\p{L}\p{Nd}_]/u.test(this.#peek() ?? "")) name += this.#next();
    return name;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string | undefined {
    return this.#characters[this.#at++];
  }
}
