import fc from "fast-check";
import { expect, test } from "vitest";
import { dockerfileValue, UnsayableError } from "../../../src/emit/dockerfile-value.ts";
import { substitute } from "../../../src/substitution/substitute.ts";
import { parseTemplate, type Template, type Variable } from "../../../src/substitution/template.ts";
import { readWord, splitWords } from "../../support/dockerfile-lexer.ts";
import { HOSTILE } from "../../support/hostile.ts";

const ENV: Readonly<Record<string, string>> = { SET: "s 'e\" t$", EMPTY: "" };

/** What BuildKit reads in an ENV instruction that was made of a template. */
function readBack(template: Template): string {
  const [assignment = "", ...others] = splitWords(`NAME=${dockerfileValue(template)}`);
  expect(others).toEqual([]);
  expect(assignment.startsWith("NAME=")).toBe(true);
  return readWord(assignment.slice("NAME=".length), ENV);
}

test("the reader of this test reads as documented", () => {
  // Cases of BuildKit's `shell/envVarTest`.
  expect(readWord("he'll'o ${SET:-x}", { SET: "y" })).toBe("hello y");
  expect(readWord('"he\\"llo\\n" \\$SET', {})).toBe('he"llo\\n $SET');
  expect(readWord("${A:-a${B-b}}c", {})).toBe("abc");
  expect(readWord('"${A:-\\"x\\"}"', {})).toBe('"x"');
  expect(readWord("${A:+x}", { A: "" })).toBe("");
  expect(() => readWord('"x', {})).toThrow('" is missing');
  expect(splitWords('a="b c" d=\'e f\' g\\ h="\\" i"')).toEqual(['a="b c"', "d='e f'", 'g\\ h="\\" i"']);
});

const LINES = HOSTILE.filter((value) => !/[\r\n]/.test(value));

test.each(LINES)("%j stands for itself", (value) => {
  expect(readBack([value])).toBe(value);
  expect(readBack([{ name: "NONE", operator: ":-", operand: [value] }])).toBe(value);
  expect(readBack([value, { name: "SET", operator: "+", operand: [value] }, value])).toBe(value.repeat(3));
});

test.each(HOSTILE.filter((value) => /[\r\n]/.test(value)))("%j cannot be said", (value) => {
  expect(() => dockerfileValue([value])).toThrow(UnsayableError);
  expect(() => dockerfileValue([{ name: "A", operator: "-", operand: [value] }])).toThrow(UnsayableError);
});

const literal = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', "'", "\\", "$", "{", "}", ":", "-", " ", "#", "A", "é", "😀", "`", "\t") }),
  fc.constantFrom(...LINES),
);
const { template } = fc.letrec<{ template: Template; variable: Variable; part: string | Variable }>((tie) => ({
  template: fc.array(tie("part"), { maxLength: 4 }),
  part: fc.oneof({ depthSize: "small" }, literal, tie("variable")),
  variable: fc
    .tuple(
      fc.constantFrom("SET", "EMPTY", "NONE"),
      fc.constantFrom(undefined, ":-", "-", ":+", "+", ":?", "?"),
      tie("template"),
    )
    .map(
      ([name, operator, operand]): Variable =>
        operator === undefined
          ? { name, operand: [] }
          : { name, operator: operator as NonNullable<Variable["operator"]>, operand },
    ),
}));

function attempt(work: () => string): string | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** BuildKit reads what stands after an operator before it knows whether it counts, and fails for what must be set. */
function requiresWithin(value: Template, nested = false): boolean {
  return value.some(
    (part) =>
      typeof part !== "string" && ((nested && part.operator?.endsWith("?")) || requiresWithin(part.operand, true)),
  );
}

test("a requirement within a default cannot be said", () => {
  expect(() => dockerfileValue(parseTemplate("${A:-${B:?}}"))).toThrow(UnsayableError);
  expect(() => dockerfileValue(parseTemplate("${A:-x${B:+${C?no}}}"))).toThrow(UnsayableError);
  expect(dockerfileValue(parseTemplate("${A:?${B:-x}}"))).toBe('"${A:?${B:-x}}"');
});

test("a Dockerfile says the same as LLB, whatever the template", () => {
  let said = 0;
  const sayable = template.filter((value) => !requiresWithin(value));
  fc.assert(
    fc.property(sayable, (value) => {
      const expected = attempt(() => substitute(value, (name) => ENV[name]).value);
      expect(attempt(() => readBack(value))).toBe(expected);
      if (expected !== undefined) said++;
    }),
    { numRuns: 5000 },
  );
  expect(said).toBeGreaterThan(2500);
});

test("a Dockerfile says the same for what a user wrote", () => {
  const written = fc.string({
    unit: fc.constantFrom("$", "{", "}", "\\", "-", "SET", "NONE", ":-", '"', "'", " ", "x"),
  });
  fc.assert(
    fc.property(written, (text) => {
      const parsed = ((): Template | undefined => {
        try {
          return parseTemplate(text);
        } catch {
          return undefined;
        }
      })();
      if (parsed === undefined || requiresWithin(parsed)) return;
      expect(readBack(parsed)).toBe(substitute(parsed, (name) => ENV[name]).value);
    }),
    { numRuns: 5000 },
  );
});

test("ordinary values stay readable", () => {
  expect(dockerfileValue(parseTemplate("/opt/bin:$PATH"))).toBe('"/opt/bin:${PATH}"');
});
