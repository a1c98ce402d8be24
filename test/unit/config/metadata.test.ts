import { expect, test } from "vitest";
import type { Metadata } from "../../../src/config/metadata.ts";
import { normalizeName } from "../../../src/config/normalize-name.ts";
import { parseProject } from "../../../src/config/py-project.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";

function metadata(text: string): Metadata {
  return parseProject(sourceText("pyproject.toml", text)).metadata;
}

test("[project] is read", () => {
  const text = `
[project]
name = "My.App"
version = "1.0"
license = "MIT"
authors = [{ name = "Ann", email = "a@x" }, { email = "b@x" }, "ignored" ]
`;
  expect(() => metadata(text)).toThrow("project.authors[2] must be a table, not a string");
  expect(
    metadata(`
[project]
name = "My.App"
version = "1.0"
license = { file = "LICENSE" }
requires-python = ">=3.11"
authors = [{ name = "Ann", email = "a@x" }, { email = "b@x" }]
dependencies = ["a", "b"]
scripts = { serve = "m:f" }
urls = { Homepage = "https://x" }
[project.optional-dependencies]
Dev_Tools = ["c"]
[tool.poetry]
name = "not read"
`),
  ).toEqual({
    path: ["project"],
    name: "My.App",
    version: "1.0",
    authors: [{ name: "Ann", email: "a@x" }, { email: "b@x" }],
    urls: new Map([["Homepage", "https://x"]]),
    scripts: ["serve"],
    pythonLimits: [
      {
        name: "project.requires-python",
        text: ">=3.11",
        constraint: [">=3.11"],
        path: ["project", "requires-python"],
      },
    ],
    dependencies: {
      kind: "static",
      requirements: [
        { text: "a", path: ["project", "dependencies", 0] },
        { text: "b", path: ["project", "dependencies", 1] },
      ],
    },
    extras: new Map([["Dev_Tools", [{ text: "c", path: ["project", "optional-dependencies", "Dev_Tools", 0] }]]]),
    extrasAreDynamic: false,
    dynamic: [],
  });
});

test("[tool.poetry] is read when there is no [project]", () => {
  const found = metadata(`
[tool.poetry]
name = "app"
description = "An app"
authors = ["Ann <a@x>", "Bob", "<c@x>"]
homepage = "https://x"
[tool.poetry.dependencies]
python = "^3.11"
[tool.poetry.scripts]
serve = "m:f"
other = { reference = "m:g", type = "console" }
`);
  expect(found).toMatchObject({
    path: ["tool", "poetry"],
    name: "app",
    authors: [{ name: "Ann", email: "a@x" }, { name: "Bob" }, { email: "c@x" }],
    urls: new Map([["homepage", "https://x"]]),
    scripts: ["serve", "other"],
    pythonLimits: [{ constraint: [">=3.11,<4"] }],
    dependencies: { kind: "static", requirements: [] },
  });
});

test("[tool.flit.metadata] is read when there is neither, but for its requirements", () => {
  const found = metadata(`
[tool.flit.metadata]
module = "app"
author = "Ann"
home-page = "https://x"
requires = ["flask"]
requires-python = ">=3.9,<3.12"
[tool.flit.scripts]
serve = "m:f"
`);
  expect(found).toMatchObject({
    path: ["tool", "flit", "metadata"],
    name: "app",
    authors: [{ name: "Ann" }],
    urls: new Map([["homepage", "https://x"]]),
    scripts: ["serve"],
    pythonLimits: [{ constraint: [">=3.9,<3.12"], path: ["tool", "flit", "metadata", "requires-python"] }],
    dependencies: { kind: "dynamic", path: ["tool", "flit", "metadata"] },
    extrasAreDynamic: true,
  });
});

test("Poetry's Python narrows that of [project]", () => {
  const { pythonLimits } = metadata(
    '[project]\nname = "x"\nrequires-python = ">=3.9"\n[tool.poetry.dependencies]\npython = "<3.13"\n',
  );
  expect(pythonLimits.map(({ name, text }) => `${name} ${text}`)).toEqual([
    "project.requires-python >=3.9",
    "tool.poetry.dependencies.python <3.13",
  ]);
});

test.each([
  ['[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n', ["project", "dynamic", 1]],
  ['[project]\nname = "x"\ndynamic = ["dependencies"]\ndependencies = []\n', undefined],
  ['[project]\nname = "x"\n', undefined],
  [
    '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "*"\nflask = "^3"\nown = { path = "../own" }\n',
    ["tool", "poetry", "dependencies", "own"],
  ],
  ["[tool.black]\n", undefined],
])("%j: what only the build backend knows is told by %j", (text, path) => {
  const { dependencies } = metadata(text);
  expect(dependencies.kind === "dynamic" ? dependencies.path : undefined).toEqual(path);
});

test.each([
  ["Flask", "flask"],
  ["a_b.c--d", "a-b-c-d"],
  ["A.-_B", "a-b"],
])("%s is called %s (PEP 503)", (name, expected) => {
  expect(normalizeName(name)).toBe(expected);
});
