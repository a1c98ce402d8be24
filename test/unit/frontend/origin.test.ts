import { expect, test } from "vitest";
import { originOf, originReader } from "../../../src/frontend/origin.ts";

const source = { filename: "pyproject.toml", text: "a = 1\n" };

test("columns count from zero for BuildKit", () => {
  expect(originOf(source, { line: 1, column: 5, length: 1 })).toEqual({
    file: { ...source, language: "TOML" },
    ranges: [{ start: { line: 1, character: 4 }, end: { line: 1, character: 5 } }],
  });
});

test("only TOML files are called TOML", () => {
  const origin = originOf({ filename: "requirements.txt", text: "" }, { line: 1, column: 1, length: 1 });
  expect(origin?.file).toEqual({ filename: "requirements.txt", text: "" });
});

test("what has no place has no origin", () => {
  expect(originOf(undefined, { line: 1, column: 1, length: 1 })).toBeUndefined();
  expect(originOf(source, undefined)).toBeUndefined();
});

test("the elements of an array are each a range, on their lines", async () => {
  const read = await originReader({ filename: "p.toml", text: 'a = [\n  "x",\n  # no\n  "y",\n]\nb = []\nc = 1\n' });
  const lines = (key: string): readonly number[] => read([key])?.ranges.map(({ start }) => start.line) ?? [];
  expect(lines("a")).toEqual([2, 4]);
  expect(lines("b")).toEqual([6]);
  expect(lines("c")).toEqual([7]);
  expect(read(["d"])).toBeUndefined();
});
