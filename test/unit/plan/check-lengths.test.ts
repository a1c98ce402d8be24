import { expect, test } from "vitest";
import { errorsOf, planOf } from "../../support/planning.ts";

const PROJECT =
  '[project]\nname = "x"\nscripts.run = "x:y"\ndependencies = ["six"]\n[build-system]\nrequires = ["flit_core"]\n';
const TARGET = `${PROJECT}[tool.microb.target.default]\n`;
const LONG = "x".repeat(128 * 1024);

test.each([
  ["a variable", `${TARGET}env.A = "${LONG}"`, ":8:9: error: this variable has 131074 bytes"],
  ["the entrypoint", `${TARGET}entrypoint = ["a", "${LONG}"]`, ":8:20: error: a word of the start command has 131072"],
  ["the command", `${TARGET}command = ["${LONG}"]`, ":8:12: error: a word of the start command has 131072"],
  [
    "the script",
    PROJECT.replace("scripts.run", `scripts.${LONG}`),
    ":3:1: error: a word of the start command has 131072",
  ],
  [
    "the dependencies",
    PROJECT.replace("six", `six @ https://h/${LONG}`),
    ':4:16: error: the command of the step "install project',
  ],
  [
    "Poetry's dependencies",
    `[tool.poetry]\nname = "x"\nversion = "1"\n[tool.poetry.dependencies]\nsix = { url = "https://h/${LONG}" }\n`,
    ":4:",
  ],
])("%s that no program can be started with is an error at its place", async (_, text, message) => {
  const errors = await errorsOf(text);
  expect(errors).toContain(`pyproject.toml${message}`);
  expect(errors).toContain("no program can be started with more than 131071");
});

test("the longest is accepted", async () => {
  await planOf(`${TARGET}entrypoint = ["${LONG.slice(1)}"]\nlabels.a = "${LONG}"`);
});
