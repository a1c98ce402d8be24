import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "../../../src/frontend/csv.ts";

test.each<[string, readonly string[]]>([
  ["", []],
  ["a", ["a"]],
  ["a,b", ["a", "b"]],
  [" a , b ", ["a", "b"]],
  ["a,,b,", ["a", "b"]],
  [",", []],
  ['"a,b",c', ["a,b", "c"]],
  ['"say ""hi""",x', ['say "hi"', "x"]],
  ['""', []],
  ["type=registry;ref=x", ["type=registry;ref=x"]],
])("%j has the fields %j", (text, fields) => {
  expect(parseCsv(text)).toEqual(fields);
});

test.each(['"a', 'a"b', '"a"b', 'x,"', '"a""'])("%j is refused", (text) => {
  expect(() => parseCsv(text)).toThrow(RangeError);
});

test("what is quoted comes back", () => {
  const field = fc.string({ unit: fc.constantFrom("a", ",", '"', "=", "é", ";") }).filter((text) => text !== "");
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      expect(parseCsv(fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(","))).toEqual(fields);
    }),
  );
});
