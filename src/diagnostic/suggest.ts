/** What is longer is compared with nothing. */
const MAX_WORD = 64;

/** The known word that a mistyped one most likely meant, if any is close enough to be worth naming. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** How many words are listed to choose from: a table has fewer keys. */
const MAX_LISTED = 40;

/** "did you mean …?" and the words to choose from, as one help text. Of too many the nearest are listed. */
export function suggestion(word: string, known: readonly string[], what: string): string {
  const meant = suggest(word, known);
  const more = known.length > MAX_LISTED ? `, and ${known.length - MAX_LISTED} more` : "";
  const list = (more === "" ? known : byNearness(word, known)).slice(0, MAX_LISTED).join(", ");
  const all = known.length === 0 ? `there are no ${what}` : `known ${what}: ${list}${more}`;
  return meant === undefined ? all : `did you mean "${meant}"? ${all}`;
}

function byNearness(word: string, known: readonly string[]): readonly string[] {
  const distance = (one: string): number =>
    one.length > MAX_WORD ? MAX_WORD : editDistance(word.toLowerCase(), one.toLowerCase());
  if (word.length > MAX_WORD) return known;
  const distances = new Map(known.map((one) => [one, distance(one)]));
  return [...known].sort((one, other) => (distances.get(one) ?? 0) - (distances.get(other) ?? 0));
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into another. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(rows, i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
          ? at(rows, i - 2, j - 2) + 1
          : Infinity;
      row.push(Math.min((row[j - 1] ?? 0) + 1, at(rows, i - 1, j) + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return at(rows, from.length, to.length);
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? Infinity;
}
