import { validRange } from "@renovatebot/pep440";
import { meets } from "../config/meets.ts";
import { normalizeName } from "../config/normalize-name.ts";
import { MAX_COMPARISONS } from "../config/requirement.ts";
import { shorten } from "../util/mask.ts";

/** A condition of a dependency (PEP 508, and PEP 751 for what is `in` a set of names). */
export type Marker =
  | Readonly<{ kind: "and" | "or"; terms: readonly Marker[] }>
  | Readonly<{ kind: "comparison"; left: Operand; operator: string; right: Operand }>;

/** A variable of the environment, or a text. */
export type Operand = Readonly<{ kind: "variable" | "text"; value: string }>;

/** The values that decide markers: texts by name, and the sets of names that PEP 751 defines. */
export type MarkerEnvironment = Readonly<{
  variables: ReadonlyMap<string, string>;
  /** Names that `extra == "x"` holds for. */
  extra: (name: string) => boolean;
  sets: ReadonlyMap<string, ReadonlySet<string>>;
}>;

/** A text that is not a marker, or a marker that cannot be decided here. */
export class MarkerError extends Error {
  override readonly name = "MarkerError";
}

const TOKEN = /\s*(?:(\(|\)|===|~=|==|!=|<=|>=|<|>)|("[^"]*"|'[^']*')|([A-Za-z_][\w.]*))/y;

/** Deeper markers are no accident, and reading is recursive. */
const MAX_DEPTH = 64;

/** A comparison has three words, and few others belong to it. */
const MAX_TOKENS = 10 * MAX_COMPARISONS;

/**
 * Reads a marker.
 * @throws MarkerError
 */
export function parseMarker(text: string): Marker {
  const tooLong = (): never => {
    throw new MarkerError(`"${text.slice(0, 80)}…" has more than ${MAX_COMPARISONS} comparisons`);
  };
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new MarkerError(`"${shorten(text)}" is not a marker (character ${at + 1})`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? "");
    if (tokens.length > MAX_TOKENS) tooLong();
  }
  let position = 0;
  let comparisons = 0;
  const fail = (): never => {
    throw new MarkerError(`"${shorten(text)}" is not a marker`);
  };
  const take = (): string => tokens[position++] ?? fail();

  const any = (depth: number): Marker => joined("or", () => all(depth));
  const all = (depth: number): Marker => joined("and", () => term(depth));
  function joined(kind: "and" | "or", read: () => Marker): Marker {
    const terms = [read()];
    while (tokens[position] === kind) {
      position++;
      terms.push(read());
    }
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind, terms };
  }
  function term(depth: number): Marker {
    if (depth > MAX_DEPTH) fail();
    if (tokens[position] === "(") {
      position++;
      const inner = any(depth + 1);
      return take() === ")" ? inner : fail();
    }
    if (++comparisons > MAX_COMPARISONS) tooLong();
    const left = operand(take());
    const word = take();
    const operator = word === "not" && take() === "in" ? "not in" : word;
    if (!/^(?:===|~=|==|!=|<=|>=|<|>|in|not in)$/.test(operator)) fail();
    return { kind: "comparison", left, operator, right: operand(take()) };
  }
  function operand(token: string): Operand {
    if (/^["']/.test(token)) return { kind: "text", value: token.slice(1, -1) };
    return VARIABLES.has(token) ? { kind: "variable", value: ALIASES[token] ?? token } : fail();
  }
  const marker = any(0);
  return position === tokens.length ? marker : fail();
}

const VERSIONS = new Set(["python_version", "python_full_version", "implementation_version", "platform_release"]);
const ALIASES: Readonly<Record<string, string>> = {
  "os.name": "os_name",
  "sys.platform": "sys_platform",
  "platform.machine": "platform_machine",
  "platform.version": "platform_version",
  "platform.python_implementation": "platform_python_implementation",
  python_implementation: "platform_python_implementation",
};
const VARIABLES = new Set([
  ...VERSIONS,
  ...Object.keys(ALIASES),
  ...["os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_system"],
  ...["platform_version", "implementation_name", "extra", "extras", "dependency_groups"],
]);

/**
 * Whether a marker holds, as PyPA's `packaging` decides it (`packaging/markers.py`). Unlike there, parts that cannot be
 * decided do not count when the others decide: `platform_release >= "20" and sys_platform == "darwin"`.
 * @throws MarkerError when it asks for what nobody knows before the image runs, such as the release of the kernel.
 */
export function holds(marker: Marker, environment: MarkerEnvironment): boolean {
  if (marker.kind === "comparison") return compare(marker, environment);
  const decides = marker.kind === "or";
  let undecided: MarkerError | undefined;
  for (const term of marker.terms) {
    try {
      if (holds(term, environment) === decides) return decides;
    } catch (error) {
      if (!(error instanceof MarkerError)) throw error;
      undecided ??= error;
    }
  }
  if (undecided !== undefined) throw undecided;
  return !decides;
}

type Comparison = Extract<Marker, { kind: "comparison" }>;

function compare(comparison: Comparison, environment: MarkerEnvironment): boolean {
  const { left, operator, right } = comparison;
  const variable = left.kind === "variable" ? left : right;
  if (variable.kind === "text")
    throw new MarkerError(`"${left.value}" ${operator} "${right.value}" compares no variable`);
  const name = variable.value;
  if (name === "extra") {
    const isActive = environment.extra(normalizeName(left.kind === "text" ? left.value : right.value));
    if (operator === "==") return isActive;
    if (operator === "!=") return !isActive;
    throw new MarkerError(`extra cannot be compared with ${operator}`);
  }
  if (name === "extras" || name === "dependency_groups") return isInSet(comparison, name, environment);
  const [one, other] = [operandValue(left, environment), operandValue(right, environment)];
  if (VERSIONS.has(name) && isSpecifier(operator, other)) return meets(one, operator + other);
  switch (operator) {
    case "==":
    case "<=":
    case ">=":
      // Texts have no order.
      return one === other;
    case "!=":
      return one !== other;
    case "<":
    case ">":
      return false;
    case "in":
      return other.includes(one);
    case "not in":
      return !other.includes(one);
    default:
      throw new MarkerError(`"${one}" ${operator} "${other}" does not compare versions`);
  }
}

/** PEP 751: the sets can only be tested for what is in them. */
function isInSet({ left, operator, right }: Comparison, name: string, { sets }: MarkerEnvironment): boolean {
  const set = sets.get(name);
  if (set === undefined) throw new MarkerError(`${name} has no meaning in this file`);
  if (left.kind !== "text" || right.kind !== "variable" || !operator.endsWith("in"))
    throw new MarkerError(`${name} cannot be compared with ${operator}`);
  return set.has(normalizeName(left.value)) === (operator === "in");
}

/** Whether it is one version that is asked for (PEP 440), and not a list of them. */
function isSpecifier(operator: string, version: string): boolean {
  return !operator.endsWith("in") && /^\s*[\w.*+!-]+\s*$/.test(version) && validRange(operator + version);
}

function operandValue({ kind, value }: Operand, { variables }: MarkerEnvironment): string {
  if (kind === "text") return value;
  const known = variables.get(value);
  if (known === undefined) throw new MarkerError(`${value} is not known before the image runs`);
  return known;
}
