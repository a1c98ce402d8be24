import { expect, test } from "vitest";
import { suggest, suggestion } from "../../../src/diagnostic/suggest.ts";
import { processorTime } from "../../support/processor-time.ts";

const KEYS = ["api_version", "python_version", "flavor", "build_deps", "system_deps", "env", "labels", "extras"];

test.each([
  ["flavour", "flavor"],
  ["python-version", "python_version"],
  ["pythonversion", "python_version"],
  ["build_dpes", "build_deps"],
  ["LABELS", "labels"],
  ["label", "labels"],
  ["evn", "env"],
  ["enviroment", undefined],
  ["x", undefined],
  ["zzzzzzzz", undefined],
  ["", undefined],
])("%j most likely means %j", (word, meant) => {
  expect(suggest(word, KEYS)).toBe(meant);
});

test("the help names the guess and what there is", () => {
  expect(suggestion("flavour", ["flavor", "env"], "keys")).toBe('did you mean "flavor"? known keys: flavor, env');
  expect(suggestion("zzz", [], "extras")).toBe("there are no extras");
});

test("long lists are cut, and long words cost nothing", () => {
  const many = Array.from({ length: 5000 }, (_, index) => `target-${index}-${"x".repeat(1000)}`);
  const started = processorTime();
  const help = suggestion("target", [...many, "x".repeat(1_000_000)], "targets");
  expect(processorTime() - started).toBeLessThan(2000);
  expect(help).toContain("and 4961 more");
});

test("of too many words the nearest are listed first", () => {
  const many = Array.from({ length: 100 }, (_, index) => `target-${index}`);
  expect(suggestion("worker", [...many, "walker"], "targets")).toMatch(
    /^did you mean "walker"\? known targets: walker, /,
  );
  expect(suggestion("wrkrrr", [...many, "a-worker"], "targets")).toContain("a-worker");
});
