import { expect, test } from "vitest";
import { dependencyGroups, groupRequirements } from "../../../src/config/dependency-groups.ts";

function texts(table: unknown): Readonly<Record<string, readonly string[]>> {
  const groups = dependencyGroups(table);
  return Object.fromEntries(
    [...groups.keys()].map((name) => [name, groupRequirements(groups, [name]).map(({ text }) => text)]),
  );
}

test("a group has its own requirements and those of the groups that it includes", () => {
  const table = { Test_All: ["pytest", { "include-group": "LINT" }], lint: ["ruff"] };
  expect(texts(table)).toEqual({ "test-all": ["pytest", "ruff"], lint: ["ruff"] });
  expect(groupRequirements(dependencyGroups(table), ["test-all"]).map(({ path }) => path)).toEqual([
    ["dependency-groups", "Test_All", 0],
    ["dependency-groups", "lint", 0],
  ]);
});

test("circles end, and what is no group is none", () => {
  expect(texts({ a: ["x", { "include-group": "b" }], b: ["y", { "include-group": "a" }] })).toEqual({
    a: ["x", "y"],
    b: ["y", "x"],
  });
  expect(texts({ a: "x", b: [1, null, { "include-group": 2 }, { "include-group": "none" }] })).toEqual({
    a: [],
    b: [],
  });
  for (const table of [undefined, null, 1, ["a"]]) expect(texts(table)).toEqual({});
});

test("a group that is included in many ways counts once", () => {
  const twice = (name: string): readonly unknown[] => [{ "include-group": name }, { "include-group": name }];
  const chain = Array.from({ length: 5000 }, (_, index) => [`g${index}`, ["x", ...twice(`g${index + 1}`)]]);
  expect(groupRequirements(dependencyGroups(Object.fromEntries(chain)), ["g0", "g1"])).toHaveLength(5000);
});
