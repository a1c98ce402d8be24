import { expect, test } from "vitest";
import { DIAGNOSTIC_CODES } from "../../../src/diagnostic/code.ts";

test("codes are sorted and documented", () => {
  const codes = Object.keys(DIAGNOSTIC_CODES);
  expect(codes).toEqual([...codes].sort());
  for (const [code, sentence] of Object.entries(DIAGNOSTIC_CODES)) {
    expect(code).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});
