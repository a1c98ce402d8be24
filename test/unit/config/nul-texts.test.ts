import { expect, test } from "vitest";
import { diagnosticsOf, planOf } from "../../support/planning.ts";

const PROJECT = '[project]\nname = "x"\nversion = "1"\n';

// TOML can say what no program can be passed: a shell, a path, a variable.
test.each([
  ["after ===", 'dependencies = ["x===a\\u0000b"]'],
  ["in a requirement of the build", '[build-system]\nrequires = ["x===\\U00000000"]'],
  ["in a group", '[dependency-groups]\na = ["x===\\u0000"]'],
  ["in a URL of uv", '[tool.uv.sources]\nx = { git = "https://h/\\u0000", rev = "a" }'],
  ["in a path of uv", '[tool.uv.sources]\nx = { path = "a\\u0000" }'],
  ["in a dependency of Poetry", '[tool.poetry.dependencies]\nx = { git = "https://h/", branch = "\\u0000" }'],
  ["in a name", '[tool.microb.target.default]\ncommand = ["x"]\nlabels = { "a\\u0000" = "b" }'],
])("a NUL %s is an error at its place", async (_, text) => {
  const found = await diagnosticsOf(() => planOf(PROJECT + text));
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ place }) => place !== undefined)).toBe(true);
});

test("what other tools do with theirs is not looked at", async () => {
  await planOf(`${PROJECT}dependencies = []\n[tool.other]\nx = "\\u0000"`);
});
