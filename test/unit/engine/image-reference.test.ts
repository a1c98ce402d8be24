import { expect, test } from "vitest";
import { checkImageReference } from "../../../src/engine/image-reference.ts";
import { HOSTILE } from "../../support/hostile.ts";

test.each([
  "python",
  "python:3.13-slim",
  "127.0.0.1:5000/a/b__c:v1.0",
  `x@sha256:${"0".repeat(64)}`,
  `sha256:${"a".repeat(64)}`,
  "a0b1",
])("%s", (reference) => {
  expect(checkImageReference(reference)).toBe(reference);
});

test.each([
  ...HOSTILE.filter((text) => /[^\w.:/@-]/.test(text)),
  "",
  ".",
  "..",
  "a/../b",
  "a//b",
  "/a",
  "a/",
  "x?force=1",
  "x%2f",
  "-a",
])("%j is no name of an image", (text) => {
  expect(() => checkImageReference(text)).toThrow(expect.objectContaining({ name: "EngineError", code: "invalid" }));
});
