/** A line of a reading, the part of it that it belongs to, and the step of that part, if it has steps. */
export type Line = Readonly<{ part: string; step?: string; text: string }>;

/** The lines that differ, with `-` and `+`, below the names of their part and step. Nothing when none does. */
export function difference(before: readonly Line[], after: readonly Line[]): readonly string[] {
  const all = changes(before, after);
  const titles = new Set(all.map(({ line }) => line.text));
  const shown: string[] = [];
  let previous = "";
  for (const { sign, line } of all) {
    // A step whose title is among the lines needs no other.
    const step = line.step === undefined || titles.has(line.step) ? "" : `: ${line.step.replace(/^# /, "")}`;
    const heading = `@@ ${line.part}${step} @@`;
    if (heading !== previous) shown.push(heading);
    previous = heading;
    shown.push(sign + line.text);
  }
  return shown;
}

type Change = Readonly<{ sign: "-" | "+"; line: Line }>;

/** The shortest way from one text to the other: what is not in their longest common subsequence. */
function changes(before: readonly Line[], after: readonly Line[]): readonly Change[] {
  const common = before.map(() => new Array<number>(after.length + 1).fill(0));
  common.push(new Array<number>(after.length + 1).fill(0));
  const length = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row === undefined) continue;
      row[j] = same(before[i], after[j]) ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const found: Change[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, line] = [before[i], after[j]];
    if (old !== undefined && line !== undefined && same(old, line)) [i, j] = [i + 1, j + 1];
    else if (old !== undefined && (line === undefined || length(i + 1, j) >= length(i, j + 1))) {
      found.push({ sign: "-", line: old });
      i++;
    } else if (line !== undefined) {
      found.push({ sign: "+", line });
      j++;
    }
  }
  return found;
}

function same(one: Line | undefined, other: Line | undefined): boolean {
  return one?.part === other?.part && one?.text === other?.text;
}
