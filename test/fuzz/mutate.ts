import type { Random } from "./random.ts";
import type { Words } from "./words.ts";

/** A text with a few changes: of characters, of lines, of values, and of how often something stands there. */
export function mutated(text: string, random: Random, words: Words): string {
  const { below, pick, oneIn } = random;
  const changes: readonly ((text: string) => string)[] = [
    (one) => splice(one, below(one.length + 1), below(8), pick(["", words.text(), '"', "[", "\n", "=", ".", "-"])),
    (one) => {
      const lines = one.split("\n");
      const from = below(lines.length);
      const [moved = ""] = lines.splice(from, oneIn(2) ? 1 : 0);
      if (oneIn(2)) lines.splice(below(lines.length), 0, moved);
      return lines.join("\n");
    },
    (one) => {
      const values = [...one.matchAll(/(?<== ?)(?:"[^"\n]*"|\d+|\[[^[\]\n]*\]|\{[^{}\n]*\})|"[^"\n]*"/g)];
      const found = values[below(values.length)];
      return found === undefined ? one : splice(one, found.index, found[0].length, words.value());
    },
    (one) => {
      const at = below(one.length);
      const part = one.slice(at, at + 1 + below(40));
      return splice(one, at, 0, part.repeat(oneIn(20) ? 2000 : below(20)));
    },
    (one) => one.slice(0, below(one.length)),
  ];
  let result = text;
  for (let count = 1 + below(4); count > 0; count--) result = pick(changes)(result);
  return result;
}

function splice(text: string, at: number, length: number, by: string): string {
  return text.slice(0, at) + by + text.slice(at + length);
}
