/** A line of the table: something measured, its value, and what it is compared with. */
export type Row = Readonly<{
  name: string;
  value: string;
  /** How often the thing that it is compared with. */
  ratio?: number;
  /** The largest ratio that is acceptable. */
  target?: number;
}>;

/** Whether the row has a target and misses it. */
export function missesTarget({ ratio, target }: Row): boolean {
  return ratio !== undefined && target !== undefined && ratio > target;
}

/** The rows as a table in Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    row.value,
    row.ratio === undefined ? "" : row.ratio.toFixed(2),
    verdict(row),
  ]);
  const lines = [["", "median or size", "ratio", "target"], ["---", "---:", "---:", "---"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => `| ${line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(" | ")} |`)
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  if (cell.startsWith("---")) return cell.endsWith(":") ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  return column === 1 || column === 2 ? cell.padStart(width) : cell.padEnd(width);
}

function verdict(row: Row): string {
  if (row.target === undefined) return "";
  return `${missesTarget(row) ? "missed" : "met"}: ≤ ${row.target}`;
}
