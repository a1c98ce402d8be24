import fc from "fast-check";
import { expect, test } from "vitest";
import { substitute } from "../../../src/substitution/substitute.ts";
import { parseTemplate, TemplateError } from "../../../src/substitution/template.ts";
import { processorTime } from "../../support/processor-time.ts";

test.each([
  ["", []],
  ["plain", ["plain"]],
  ["$A", [{ name: "A", operand: [] }]],
  ["${A}", [{ name: "A", operand: [] }]],
  ["$A_1-x", [{ name: "A_1", operand: [] }, "-x"]],
  ["${A:-b $C}", [{ name: "A", operator: ":-", operand: ["b ", { name: "C", operand: [] }] }]],
  ["${A?}", [{ name: "A", operator: "?", operand: [] }]],
])("%j is read", (text, template) => {
  expect(parseTemplate(text)).toEqual(template);
});

// What stands for itself: everything but references and escaped dollar signs.
test.each([
  ["\\$A", "$A"],
  ["\\${A}", "${A}"],
  ["\\\\$A", "\\1"],
  ["\\\\\\$A", "\\$A"],
  ["\\\\\\\\$A", "\\\\1"],
  ["$", "$"],
  ["$$", "$$"],
  ["$5", "$5"],
  ["\\$5", "$5"],
  ["100% $ off", "100% $ off"],
  ["C:\\dir\\new", "C:\\dir\\new"],
  ["\\d+\\\\", "\\d+\\\\"],
  ["ends with \\", "ends with \\"],
  ["}", "}"],
  ["{$A}", "{1}"],
  ["${NONE:-a\\}b}", "a}b"],
  ["${NONE:-\\\\}", "\\"],
  ["${NONE:-\\n}", "\\n"],
  ["${NONE:-\\$A}", "$A"],
  ["${NONE:-{}}", "{}"],
  ["${NONE:-a\nb}", "a\nb"],
])("%j stands for %j", (text, value) => {
  expect(substitute(parseTemplate(text), (name) => ({ A: "1" })[name]).value).toBe(value);
});

test.each([
  ["x ${", '"${" must be followed by a variable name', 2],
  ["${}", '"${" must be followed by a variable name', 0],
  ["${1}", '"${" must be followed by a variable name', 0],
  ["${A", '${A is not closed by "}"', 0],
  ["${A:-b", '${A is not closed by "}"', 0],
  ["${A:-${B}", '${A is not closed by "}"', 0],
  ["y${A!}", "${A… has an unknown operator; known are :- - :+ + :? ?", 1],
  ["${A:}", "${A… has an unknown operator; known are :- - :+ + :? ?", 0],
  ["${A%%x}", "${A… has an unknown operator; known are :- - :+ + :? ?", 0],
])("%j is refused", (text, message, offset) => {
  expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ name: "TemplateError", message, offset }));
});

test("nesting has a limit, which does not come from the stack", () => {
  const nested = (depth: number): string => "${A:-".repeat(depth) + "}".repeat(depth);
  expect(() => parseTemplate(nested(60))).not.toThrow();
  expect(() => parseTemplate(nested(100_000))).toThrow(TemplateError);
});

test("any text is read or refused, in time", () => {
  const text = fc.string({ unit: fc.constantFrom("$", "{", "}", "\\", ":", "-", "+", "?", "A", "_", "1", " ", "é") });
  fc.assert(
    fc.property(text, (value) => {
      try {
        parseTemplate(value);
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 3000 },
  );
  const started = processorTime();
  parseTemplate("\\".repeat(1_000_000));
  parseTemplate("$A ".repeat(300_000));
  expect(processorTime() - started).toBeLessThan(5000);
});
