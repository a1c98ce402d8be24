import { expect, test } from "vitest";
import { parseProject } from "../../../src/config/py-project.ts";
import { selectTarget } from "../../../src/config/target.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { errorsOf } from "../../support/planning.ts";

function chosen(targets: readonly string[], name?: string): string {
  const text = `[project]\nname = "x"\n${targets.map((one) => `[tool.microb.target."${one}"]\n`).join("")}`;
  const target = selectTarget(parseProject(sourceText("pyproject.toml", text)), name);
  expect(target.path).toEqual(["tool", "microb", "target", target.name]);
  return target.name;
}

test.each([
  ["no target at all", [], undefined, "default"],
  ["no target at all, by its name", [], "DEFAULT", "default"],
  ["the only one", ["web"], undefined, "web"],
  ["the only one, with an empty name", ["web"], "", "web"],
  ["the one called default", ["web", "default", "cli"], undefined, "default"],
  ["default in any case", ["web", "Default"], undefined, "Default"],
  ["the one asked for", ["web", "default"], "web", "web"],
  ["the one asked for, in another case", ["Web", "default"], "wEB", "Web"],
  ["the exact one of two", ["web", "WEB"], "WEB", "WEB"],
  ["a name of JavaScript", ["valueOf2", "x"], "x", "x"],
])("%s", (_, targets, name, expected) => {
  expect(chosen(targets, name)).toBe(expected);
});

const TWO = '[project]\nname = "x"\n\n[tool.microb.target.web]\n[tool.microb.target.worker]\n';

test("a target that is not there is refused with the ones that are", async () => {
  expect(await errorsOf(TWO, { target: "wbe" })).toMatchInlineSnapshot(`
    "pyproject.toml:4:14: error: there is no target "wbe" [target.unknown]
      4 | [tool.microb.target.web]
        |              ^^^^^^
      help: did you mean "web"? known targets: web, worker"
  `);
});

test("none of several is chosen by chance", async () => {
  expect(await errorsOf(TWO)).toMatchInlineSnapshot(`
    "pyproject.toml:4:14: error: there are 2 targets and none is called "default": choose one with --target [target.unknown]
      4 | [tool.microb.target.web]
        |              ^^^^^^
      help: known targets: web, worker"
  `);
});

test("a target of a project without any is refused", async () => {
  expect(await errorsOf('[project]\nname = "x"\n', { target: "toString" })).toMatchInlineSnapshot(`
    "pyproject.toml:1:1: error: there is no target "toString" [target.unknown]
      1 | [project]
        | ^^^^^^^^^
      help: add a table [tool.microb.target.NAME], or build without --target"
  `);
});
