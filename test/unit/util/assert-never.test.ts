import { expect, test } from "vitest";
import { assertNever } from "../../../src/util/assert-never.ts";

test("a value that got past the compiler is named", () => {
  expect(() => assertNever("surprise" as never)).toThrow(new TypeError('unexpected "surprise"'));
});
