import { expect, test } from "vitest";
import { NEWEST_MINOR } from "../../../src/plan/python-version.ts";
import { errorsOf, planOf, type Surroundings } from "../../support/planning.ts";

const NEWEST = `3.${NEWEST_MINOR}`;

async function version(text: string, surroundings?: Surroundings): Promise<string | undefined> {
  const { plan } = await planOf(text, surroundings);
  const [builder, runtime] = plan.stages.map(({ base }) => /^python:(3(?:\.\d+)*)(?:-slim)?$/.exec(base)?.[1]);
  expect(builder).toBe(runtime);
  return builder;
}

const project = (requires: string): string => `[project]\nname = "x"\nrequires-python = "${requires}"\n`;
const key = (value: string): string => `[tool.microb.target.default]\npython_version = "${value}"\n`;
const file = (text: string): Surroundings => ({ files: { ".python-version": text } });

test.each<[string, string, Surroundings | undefined, string]>([
  ["nothing is said", '[project]\nname = "x"\n', undefined, NEWEST],
  ["there is no project", "", undefined, NEWEST],
  ["anything will do", project(""), undefined, NEWEST],
  ["the newest will do", project(">=3.8"), undefined, NEWEST],
  ["there is an upper limit", project(">=3.8,<3.12"), undefined, "3.11"],
  ["one minor is excluded", project(`!=${NEWEST}.*`), undefined, `3.${NEWEST_MINOR - 1}`],
  ["one release is excluded", project(`!=${NEWEST}.1`), undefined, NEWEST],
  ["it must be compatible", project("~=3.11.2"), undefined, "3.11"],
  ["it is an old one", project("==3.6.*"), undefined, "3.6"],
  ["it is Poetry's caret", '[tool.poetry.dependencies]\npython = "^3.8,<3.13"\n', undefined, "3.12"],
  ["it is Poetry's tilde", '[tool.poetry.dependencies]\npython = "~3.10"\n', undefined, "3.10"],
  ["it is one of Poetry's alternatives", '[tool.poetry.dependencies]\npython = "~3.8 || ~3.10"\n', undefined, "3.10"],
  ["the key says so", key("3.12"), undefined, "3.12"],
  ["the key says so in full", key("3.12.4"), undefined, "3.12.4"],
  ["the key says the least", key("3"), undefined, "3"],
  ["the key beats the file", key("3.12"), file("3.11\n"), "3.12"],
  ["the key is within the limits", `${project(">=3.11.4")}${key("3.11")}`, undefined, "3.11"],
  ["the key beats what microb knows", `${project(">=3.42")}${key("3.42")}`, undefined, "3.42"],
  ["the file says so", "", file("3.11\n"), "3.11"],
  ["the file has a mark and comments", "", file("\uFEFF# pyenv\n\n3.11.4 # here\n"), "3.11.4"],
  ["the file has several lines", "", file("3.11\r\n3.12\r\n"), "3.11"],
  ["the file names CPython", "", file("cpython-3.11\n"), "3.11"],
  ["the file names Python", "", file("python@3.11.2\n"), "3.11.2"],
  ["the file is empty", "", file("# nothing\n"), NEWEST],
])("the version when %s", async (_, text, surroundings, expected) => {
  expect(await version(text, surroundings)).toBe(expected);
});

test.each([
  ["3.13t", "no free-threaded build"],
  ["cpython-3.13.1t", "no free-threaded build"],
  ["3.13+freethreaded", "no free-threaded build"],
  ["pypy3.10-7.3", "only CPython"],
  ["graalpy-24", "only CPython"],
  ["system", "only CPython"],
  ["2.7", "not a version of Python 3"],
  ["3.x", "not a version of Python 3"],
  [">=3.11", "not a version of Python 3"],
])("a .python-version of %j is refused with a reason", async (text, reason) => {
  const rendered = await errorsOf("", file(`# first\n  ${text}\n`));
  expect(rendered).toMatch(/^\.python-version:2:3: error: /);
  expect(rendered).toContain(reason);
});

test("a bad .python-version does not matter when the key decides", async () => {
  expect(await version(key("3.12"), file("pypy\n"))).toBe("3.12");
});

test("both lines are shown when two places disagree", async () => {
  expect(await errorsOf(`${project(">=3.11")}${key("3.10.2")}`)).toMatchInlineSnapshot(`
    "pyproject.toml:5:18: error: python_version asks for Python 3.10.2, but project.requires-python is ">=3.11" [python.unsatisfiable]
      5 | python_version = "3.10.2"
        |                  ^^^^^^^^
      and pyproject.toml:3:19:
      3 | requires-python = ">=3.11"
        |                   ^^^^^^^^
      help: change one of them: no release 3.10.2 meets project.requires-python"
  `);
});

test("a constraint that nothing meets is told with what microb knows", async () => {
  expect(await errorsOf('[tool.poetry.dependencies]\npython = "^2.7"\n')).toMatchInlineSnapshot(`
    "pyproject.toml:2:10: error: no Python from 3.0 to 3.15 meets "^2.7" [python.unsatisfiable]
      2 | python = "^2.7"
        |          ^^^^^^
      help: 3.15 is the newest this release of microb knows; name another with python_version"
  `);
});
