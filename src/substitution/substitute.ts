import { assertNever } from "../util/assert-never.ts";
import type { Template, Variable } from "./template.ts";

/** The value of a variable, or undefined when nothing sets it. */
export type Lookup = (name: string) => string | undefined;

/** A variable that had to be set, by `${NAME:?message}`, is not. */
export class RequiredVariableError extends Error {
  override readonly name = "RequiredVariableError";
}

/** A substituted value, and the names of variables that were used without a default although nothing sets them. */
export type Substitution = Readonly<{ value: string; unset: readonly string[] }>;

/**
 * The text that a template stands for. Unset variables without a default become empty.
 * @throws RequiredVariableError
 */
export function substitute(template: Template, lookup: Lookup): Substitution {
  const unset: string[] = [];
  const text = (part: string | Variable): string => {
    if (typeof part === "string") return part;
    const value = lookup(part.name);
    if (value === undefined && part.operator === undefined) unset.push(part.name);
    return choose(part, value, lookup).map(text).join("");
  };
  const value = template.map(text).join("");
  return { value, unset };
}

/**
 * A template with every variable that `lookup` knows replaced by its value; the others stay, to be substituted when
 * more is known.
 * @throws RequiredVariableError when a known but empty variable must not be.
 */
export function substituteKnown(template: Template, lookup: Lookup): Template {
  return joinTexts(
    template.flatMap((part): Template => {
      if (typeof part === "string") return [part];
      const value = lookup(part.name);
      if (value === undefined) return [{ ...part, operand: part.operand.flatMap((one) => perhaps(one, lookup)) }];
      return substituteKnown(choose(part, value, lookup), lookup);
    }),
  );
}

/** A part of an operand, which may turn out not to count: what is wrong with it stays for then. */
function perhaps(part: string | Variable, lookup: Lookup): Template {
  try {
    return substituteKnown([part], lookup);
  } catch (error) {
    if (error instanceof RequiredVariableError) return [part];
    throw error;
  }
}

/** What a variable with this value stands for. */
function choose({ name, operator, operand }: Variable, value: string | undefined, lookup: Lookup): Template {
  const isSet = value !== undefined && !(operator?.startsWith(":") && value === "");
  switch (operator) {
    case undefined:
      return [value ?? ""];
    case ":-":
    case "-":
      return isSet ? [value] : operand;
    case ":+":
    case "+":
      return isSet ? operand : [];
    case ":?":
    case "?":
      if (isSet) return [value];
      throw new RequiredVariableError(`${name}: ${substitute(operand, lookup).value || "it must be set"}`);
    default:
      return assertNever(operator);
  }
}

function joinTexts(parts: Template): Template {
  const joined: (string | Variable)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined.splice(-1, 1, last + part);
    else if (part !== "") joined.push(part);
  }
  return joined;
}
