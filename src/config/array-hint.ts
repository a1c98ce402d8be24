import type { TomlPath } from "../diagnostic/diagnostic.ts";

/** What to write where a text stands in the place of an array. Keys of ours take words, as a shell would split them. */
export function arrayHint(path: TomlPath, text: string): string {
  const key = path.findLast((part) => typeof part === "string") ?? "";
  const words = path[0] === "tool" ? splitWords(text) : [text];
  return `write ${key} = [${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** The words of a command line; quotes keep spaces, and are dropped. */
export function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"),
  );
}
