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
    const isSet = value !== undefined && !(part.operator?.startsWith(":") && value === "");
    switch (part.operator) {
      case undefined:
        if (value === undefined) unset.push(part.name);
        return value ?? "";
      case ":-":
      case "-":
        return isSet ? (value ?? "") : part.operand.map(text).join("");
      case ":+":
      case "+":
        return isSet ? part.operand.map(text).join("") : "";
      case ":?":
      case "?": {
        if (isSet) return value ?? "";
        const message = part.operand.map(text).join("") || "it must be set";
        throw new RequiredVariableError(`${part.name}: ${message}`);
      }
      default:
        return assertNever(part.operator);
    }
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
  const parts = template.map((part): string | Variable => {
    if (typeof part === "string") return part;
    if (lookup(part.name) === undefined) return { ...part, operand: substituteKnown(part.operand, lookup) };
    if (part.operand.every((operand) => typeof operand === "string" || lookup(operand.name) !== undefined)) {
      return substitute([part], lookup).value;
    }
    return { ...part, operand: substituteKnown(part.operand, lookup) };
  });
  return joinTexts(parts);
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
