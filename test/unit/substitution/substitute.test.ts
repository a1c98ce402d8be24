import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Lookup,
  RequiredVariableError,
  substitute,
  substituteKnown,
} from "../../../src/substitution/substitute.ts";
import { parseTemplate } from "../../../src/substitution/template.ts";

/** Two that are set, one of them empty, and one that is not. */
const VALUES: Readonly<Record<string, string>> = { SET: "s e t", EMPTY: "" };
const lookup: Lookup = (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined);

const SEPARATOR = "\u0002";
const FAILED = "\u0003";

/** What a real shell makes of these texts between double quotes; undefined for the ones that end it. */
function shellValues(texts: readonly string[]): readonly (string | undefined)[] {
  const script = texts
    .map((text) => `( printf '%s' "${text}" ) 2>/dev/null || printf '${FAILED}'\nprintf '${SEPARATOR}'`)
    .join("\n");
  const output = execFileSync("/bin/sh", ["-s"], { input: script, env: { ...VALUES }, maxBuffer: 1 << 26 }).toString();
  const values = output.split(SEPARATOR).slice(0, -1);
  return values.map((value) => (value.endsWith(FAILED) ? undefined : value));
}

function ownValue(text: string): string | undefined {
  try {
    return substitute(parseTemplate(text), lookup).value;
  } catch (error) {
    if (error instanceof RequiredVariableError) return undefined;
    throw error;
  }
}

const { text } = fc.letrec<{ text: string; part: string; reference: string }>((tie) => ({
  text: fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.join("")),
  part: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom("a", " b", "/x:", "\\$", "\\\\$SET", "\\\\\\$", "é", "$ ", "$SET", "-") },
    { weight: 3, arbitrary: tie("reference") },
  ),
  reference: fc
    .tuple(
      fc.constantFrom("SET", "EMPTY", "NONE"),
      fc.constantFrom("", ":-", "-", ":+", "+", ":?", "?"),
      fc.oneof({ depthSize: "small" }, fc.constantFrom("", "d"), tie("text")),
    )
    .map(([name, operator, operand]) => (operator === "" ? `\${${name}}` : `\${${name}${operator}${operand}}`)),
}));

test("references mean what they mean to a shell", () => {
  const texts = fc.sample(text, { numRuns: 2000, seed: 7 });
  const values = texts.map(ownValue);
  expect(values.filter((value) => value === undefined).length).toBeGreaterThan(50);
  expect(values).toEqual(shellValues(texts));
});

test("a reference that must be set says its message, or a general one", () => {
  const message = (template: string): void => void substitute(parseTemplate(template), lookup);
  expect(() => message("${NONE:?needs $SET}")).toThrow(new RequiredVariableError("NONE: needs s e t"));
  expect(() => message("${EMPTY:?}")).toThrow("EMPTY: it must be set");
  expect(() => message("${EMPTY?}")).not.toThrow();
});

test("only references without a default are told as unset, and only where they count", () => {
  const template = parseTemplate("$NONE ${A:-} ${B+x} ${SET:-$C} ${D:-$NONE} $SET");
  expect(substitute(template, lookup).unset).toEqual(["NONE", "NONE"]);
});

test("what is known at first and the rest later is the same as everything at once", () => {
  const first: Lookup = (name) => (name === "NONE" ? undefined : lookup(name));
  const splits: readonly Lookup[] = [
    () => undefined,
    (name) => (name === "SET" ? lookup(name) : undefined),
    (name) => (name === "EMPTY" ? lookup(name) : undefined),
    first,
  ];
  fc.assert(
    fc.property(text, fc.constantFrom(...splits), (value, known) => {
      const whole = ownValue(value);
      try {
        expect(substitute(substituteKnown(parseTemplate(value), known), lookup).value).toBe(whole);
      } catch (error) {
        if (!(error instanceof RequiredVariableError)) throw error;
        expect(whole).toBeUndefined();
      }
    }),
    { numRuns: 3000 },
  );
});

test("what is known is not asked for again, even when its default is not known yet", () => {
  const known: Lookup = (name) => ({ ARG: "1", BLANK: "" })[name];
  expect(substituteKnown(parseTemplate("${ARG:-$LATER}"), known)).toEqual(["1"]);
  expect(substituteKnown(parseTemplate("${BLANK:-${BLANK:-$LATER}}"), known)).toEqual([{ name: "LATER", operand: [] }]);
  expect(substituteKnown(parseTemplate("a${ARG:+-${LATER:-$ARG}}"), known)).toEqual([
    "a-",
    { name: "LATER", operator: ":-", operand: ["1"] },
  ]);
});

test("a requirement within a default that may not count stays for later", () => {
  const template = substituteKnown(parseTemplate("${LATER:-${BLANK:?message}}"), (name) =>
    name === "BLANK" ? "" : undefined,
  );
  expect(substitute(template, (name) => (name === "LATER" ? "x" : undefined)).value).toBe("x");
  expect(() => substitute(template, () => undefined)).toThrow("BLANK: message");
});
