import fc from "fast-check";
import { expect, test } from "vitest";
import { meets } from "../../../src/config/meets.ts";
import { pep440Constraint } from "../../../src/config/python-constraint.ts";

test.each([
  ["==3.*", true],
  ["!=3.*", false],
  // A prefix has no order: a specifier with one is none, and nothing meets it.
  [">=3.*", false],
  ["<=3.*", false],
  [">3.*", false],
  ["<4.*", false],
  ["~=3.13.*", false],
  ["===3.*", false],
  ["==3.*.*", false],
  ["===\0", false],
])("3.13.1 %s: %s", (specifier, expected) => {
  expect(meets("3.13.1", specifier)).toBe(expected);
});

test("whatever a specifier is, there is an answer", () => {
  const unit = fc.constantFrom(
    ...["<", ">", "=", "==", "~=", "!=", "===", ".*", "*", ".", "3", "0", "1", "!", ",", " "],
  );
  const other = fc.constantFrom("a", "rc", "dev", "post", "+", "v", "-", "\0", "é", "9".repeat(20));
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof({ weight: 4, arbitrary: unit }, other), maxLength: 8 }), (text) => {
      expect(typeof meets("3.13.1", text)).toBe("boolean");
      pep440Constraint(text);
    }),
    { numRuns: 5000 },
  );
});
