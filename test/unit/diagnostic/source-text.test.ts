import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";

test("one byte order mark is no part of a text; a second one is", () => {
  expect(sourceText("f", "\uFEFFa\uFEFF")).toEqual({ filename: "f", text: "a\uFEFF" });
  expect(sourceText("f", "\uFEFF\uFEFFa").text).toBe("\uFEFFa");
  expect(sourceText("f", "").text).toBe("");
});
