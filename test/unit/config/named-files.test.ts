import { expect, test } from "vitest";
import { parseProject } from "../../../src/config/py-project.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";

const parse = (text: string) => parseProject(sourceText("pyproject.toml", text));
const names = (text: string, backend = "hatchling.build"): readonly string[] =>
  parse(`[build-system]\nrequires = []\nbuild-backend = "${backend}"\n${text}`).namedFiles.map(
    ({ name, isPattern, path }) => `${path.join(".")}: ${name}${isPattern ? " (pattern)" : ""}`,
  );
const project = (keys: string): string => `[project]\nname = "x"\n${keys}\n`;

test.each([
  ["a readme", 'readme = "R.md"', ["project.readme: R.md"]],
  ["a readme with a type", 'readme = { file = "R", content-type = "text/plain" }', ["project.readme.file: R"]],
  ["a readme that is a text", 'readme = { text = "R", content-type = "text/plain" }', []],
  ["a licence file", 'license = { file = "L" }', ["project.license.file: L"]],
  ["a licence that is a text", 'license = { text = "MIT" }', []],
  ["a licence expression", 'license = "MIT"', []],
  [
    "licence files",
    'license-files = ["L*", "x/N"]',
    ["project.license-files.0: L* (pattern)", "project.license-files.1: x/N (pattern)"],
  ],
  ["licence files of the drafts", 'license-files = { paths = ["L"] }', ["project.license-files.paths.0: L"]],
  ["none", 'license-files = []\nreadme = ""', []],
])("%s", (_, keys, expected) => {
  expect(names(project(keys))).toEqual(expected);
});

test.each([
  ["hatchling.build", '[tool.hatch.version]\npath = "v.py"\n', ["tool.hatch.version.path: v.py"]],
  ["hatchling.build", '[tool.hatch.version]\nsource = "vcs"\npath = "v.py"\n', []],
  ["flit_core.buildapi", '[tool.hatch.version]\npath = "v.py"\n', []],
  [
    "hatchling.build",
    '[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]\ntext = "x"\n' +
      '[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]\npath = "R"\n',
    ["tool.hatch.metadata.hooks.fancy-pypi-readme.fragments.1.path: R"],
  ],
  [
    "setuptools.build_meta",
    '[tool.setuptools.dynamic]\nversion = { file = "V" }\nreadme = { file = ["R", "C"] }\ndependencies = { file = "r" }\n',
    [
      "tool.setuptools.dynamic.readme.file.0: R",
      "tool.setuptools.dynamic.readme.file.1: C",
      "tool.setuptools.dynamic.version.file: V",
    ],
  ],
  ["setuptools.build_meta", '[tool.setuptools.dynamic]\nversion = { attr = "x.__version__" }\n', []],
  [
    "setuptools.build_meta",
    '[tool.setuptools]\nlicense-files = ["L*"]\n',
    ["tool.setuptools.license-files.0: L* (pattern)"],
  ],
  [
    "poetry.core.masonry.api",
    '[tool.poetry]\nreadme = ["A", "B"]\n',
    ["tool.poetry.readme.0: A", "tool.poetry.readme.1: B"],
  ],
  ["pdm.backend", '[tool.pdm.version]\nsource = "file"\npath = "v"\n', ["tool.pdm.version.path: v"]],
  ["pdm.backend", '[tool.pdm.version]\nsource = "scm"\nwrite_to = "v"\n', []],
  ["flit_core.buildapi", '[tool.flit.metadata]\ndescription-file = "R"\n', ["tool.flit.metadata.description-file: R"]],
])("%s: %j", (backend, table, expected) => {
  expect(names(project('dynamic = ["version", "readme"]') + table, backend)).toEqual(expected);
});

test("a version that is stated is read from no file", () => {
  expect(names(`${project('version = "1"')}[tool.hatch.version]\npath = "v.py"\n`)).toEqual([]);
});

test.each([
  [
    "nothing but a name",
    project("").replace('"x"', '"My-App.core"'),
    ["src", "My_App_core", "My_App_core.py", "my_app_core", "my_app_core.py"],
  ],
  ["no name", "# x\n", ["src"]],
  ["hatch", '[tool.hatch.build.targets.wheel]\npackages = ["./lib/a/", "b"]\n', ["lib/a", "b"]],
  [
    "Poetry",
    '[tool.poetry]\npackages = [{ include = "a", from = "lib" }, { include = "b" }, { include = "c/*" }]\n',
    ["lib/a", "b"],
  ],
  ["setuptools", '[tool.setuptools.packages.find]\nwhere = ["lib"]\n', ["lib"]],
  ["the root itself", '[tool.setuptools.packages.find]\nwhere = ["."]\n', []],
])("modules may be where %s says", (_, text, paths) => {
  expect(parse(text).packagePaths).toEqual(paths);
});
