import type { TomlPath } from "../diagnostic/diagnostic.ts";
import type { Origin } from "../llb/origin.ts";

/** A place in one of the sources of an answer, as Go writes the message (BuildKit `solver/pb/ops.proto`, `Location`). */
export type Location = Readonly<{ sourceIndex?: number; ranges?: readonly unknown[] }>;

/** Finds entries of the build file, which is the first source of every answer. */
export type Locator = (path: TomlPath) => Origin | undefined;

/** A place as JSON: Go leaves out what is zero. */
export function toLocation(origin: Origin | undefined): Location | undefined {
  if (origin === undefined) return undefined;
  return { ranges: origin.ranges.map(({ start, end }) => ({ start: position(start), end: position(end) })) };
}

function position({ line, character }: Readonly<{ line: number; character: number }>): object {
  return { line, ...(character > 0 && { character }) };
}
