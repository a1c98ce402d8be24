import { holds, type Marker, MarkerError, type Operand, parseMarker } from "./marker.ts";

const OPPOSITES: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
  in: "not in",
  "not in": "in",
};

/**
 * The marker that holds exactly where another does not; undefined if there is none, as for `~=`.
 * @throws MarkerError when it is not a marker.
 */
export function negateMarker(text: string): string | undefined {
  const negated = negate(parseMarker(text));
  return negated === undefined ? undefined : formatted(negated);
}

function negate(marker: Marker): Marker | undefined {
  if (marker.kind === "comparison") {
    const operator = OPPOSITES[marker.operator];
    return operator === undefined ? undefined : { ...marker, operator };
  }
  const terms = marker.terms.flatMap((term) => negate(term) ?? []);
  return terms.length < marker.terms.length ? undefined : { kind: marker.kind === "and" ? "or" : "and", terms };
}

function formatted(marker: Marker): string {
  if (marker.kind === "comparison") return `${word(marker.left)} ${marker.operator} ${word(marker.right)}`;
  return marker.terms
    .map((term) => (term.kind === "comparison" ? formatted(term) : `(${formatted(term)})`))
    .join(` ${marker.kind} `);
}

function word({ kind, value }: Operand): string {
  if (kind === "variable") return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** The variables that are the same in every image, whatever its version and platform. */
const ALWAYS: ReadonlyMap<string, string> = new Map([
  ["os_name", "posix"],
  ["sys_platform", "linux"],
  ["platform_system", "Linux"],
  ["implementation_name", "cpython"],
  ["platform_python_implementation", "CPython"],
]);

/** Whether a marker holds in no image. False for a text that is not a marker: its reader reports it. */
export function holdsNowhere(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    return !holds(parseMarker(text), { variables: ALWAYS, extra: () => false, sets: new Map() });
  } catch (error) {
    if (error instanceof MarkerError) return false;
    throw error;
  }
}
