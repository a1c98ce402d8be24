import { expect, test } from "vitest";
import { errorsOf, planOf, type Surroundings } from "../../support/planning.ts";

/** The newest minor version that is at least a year old, and the one after it. */
const NEWEST = "3.14";
const YOUNG = "3.15";

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
  ["only a young one will do", project(`>=${YOUNG}`), undefined, YOUNG],
  ["there is an upper limit", project(">=3.8,<3.12"), undefined, "3.11"],
  ["the limit is all there is", project("<3.11"), undefined, "3.10"],
  ["one minor is excluded", project(`!=${NEWEST}.*`), undefined, "3.13"],
  ["an old release is excluded", project(`!=${NEWEST}.1`), undefined, NEWEST],
  ["the newest release is excluded", project("!=3.14.10"), undefined, "3.14.9"],
  ["later releases are excluded", project("<3.14.20"), undefined, "3.14.10"],
  ["only a later release will do", project(">=3.14.12,<3.15"), undefined, "3.14"],
  ["one later release will do", project("==3.14.12"), undefined, "3.14.12"],
  ["the limit has the first release", project(">=3.9,<=3.12"), undefined, "3.11"],
  ["the limit has a release", project(">=3.9,<3.12.4"), undefined, "3.12.3"],
  ["the limit includes a release", project(">=3.9,<=3.12.4"), undefined, "3.12.4"],
  ["it is the first release", project("==3.12"), undefined, "3.12.0"],
  ["it is one release", project("==3.11.4"), undefined, "3.11.4"],
  ["it must be compatible", project("~=3.11.2"), undefined, "3.11"],
  ["it is an old one", project("==3.6.*"), undefined, "3.6"],
  ["it is Poetry's caret", '[tool.poetry.dependencies]\npython = "^3.8,<3.13"\n', undefined, "3.12"],
  ["it is Poetry's tilde", '[tool.poetry.dependencies]\npython = "~3.10"\n', undefined, "3.10"],
  ["it is one release of Poetry's", '[tool.poetry.dependencies]\npython = "3.11.9"\n', undefined, "3.11.9"],
  ["it is one of Poetry's alternatives", '[tool.poetry.dependencies]\npython = "~3.8 || ~3.10"\n', undefined, "3.10"],
  ["Poetry narrows it", `${project(">=3.9")}[tool.poetry.dependencies]\npython = ">=3.9,<3.12"\n`, undefined, "3.11"],
  [
    "each of two limits admits another release",
    `${project(">=3.9,<3.12.4")}[tool.poetry.dependencies]\npython = "!=3.12.3,>=3.10"\n`,
    undefined,
    "3.12.2",
  ],
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
  ["the file names a build", "", file("cpython-3.12.6-linux-x86_64-gnu\r\n"), "3.12.6"],
  ["the file has two versions on a line", "", file("3.11.4 3.12.1\n"), "3.11.4"],
  ["the file is empty", "", file("# nothing\n"), NEWEST],
])("the version when %s", async (_, text, surroundings, expected) => {
  expect(await version(text, surroundings)).toBe(expected);
});

test.each([
  ["3.012", "a number in it begins with 0"],
  ["cpython-3.12.06", "a number in it begins with 0"],
  ["3.13t", "no free-threaded build"],
  ["cpython-3.13.1t", "no free-threaded build"],
  ["3.13+freethreaded", "no free-threaded build"],
  ["cpython-3.13.1+freethreaded-linux-x86_64-gnu", "no free-threaded build"],
  ["pypy3.10-7.3.12", "the official images of CPython only"],
  ["pypy", "the official images of CPython only"],
  ["graalpy-24", "the official images of CPython only"],
  ["miniconda3-4.7.12", "the official images of CPython only"],
  ["system", "the Python of the machine"],
  ["latest", "its meaning changes with each release"],
  ["3.12:latest", "its meaning changes with each release"],
  ["/usr/bin/python3", "a path on a machine"],
  ["my-project", "a virtual environment of pyenv"],
  ["3.14-dev", "not a release"],
  ["3.15.0rc1", "not a release"],
  ["2.7", "not a version of Python 3"],
  ["3.x", "not a version of Python 3"],
  [">=3.11", "it is a range"],
  [">= 3.11, <4", "it is a range"],
  ["3.*", "it is a range"],
])("a .python-version of %j is refused with a reason", async (text, reason) => {
  const rendered = await errorsOf("", file(`# first\r\n  ${text}\r\n`));
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
    "pyproject.toml:2:10: error: no Python from 3.3 to 3.15 meets "^2.7" [python.unsatisfiable]
      2 | python = "^2.7"
        |          ^^^^^^
      help: 3.15 is the newest this release of microb knows; name another with python_version"
  `);
});

test("a minor version whose newest release is refused is told with what to write", async () => {
  expect(await errorsOf(`${project(">=3.9,<3.12.4")}${key("3.12")}`)).toMatchInlineSnapshot(`
    "pyproject.toml:5:18: error: python_version asks for Python 3.12, whose newest release is 3.12.16, but project.requires-python is ">=3.9,<3.12.4" [python.unsatisfiable]
      5 | python_version = "3.12"
        |                  ^^^^^^
      and pyproject.toml:3:19:
      3 | requires-python = ">=3.9,<3.12.4"
        |                   ^^^^^^^^^^^^^^^
      help: write python_version = "3.12.3", or change project.requires-python"
  `);
  expect(await errorsOf(project("<=3.12.4"), file("3.12\r\n"))).toMatchInlineSnapshot(`
    ".python-version:1:1: error: .python-version asks for Python 3.12, whose newest release is 3.12.16, but project.requires-python is "<=3.12.4" [python.unsatisfiable]
      1 | 3.12
        | ^^^^
      and pyproject.toml:3:19:
      3 | requires-python = "<=3.12.4"
        |                   ^^^^^^^^^^
      help: write 3.12.4 into .python-version, or change project.requires-python"
  `);
  expect(await errorsOf(`${project(">=3.9,<3.13")}${key("3")}`)).toMatchInlineSnapshot(`
    "pyproject.toml:5:18: error: python_version asks for Python 3, whose newest release is 3.15.2, but project.requires-python is ">=3.9,<3.13" [python.unsatisfiable]
      5 | python_version = "3"
        |                  ^^^
      and pyproject.toml:3:19:
      3 | requires-python = ">=3.9,<3.13"
        |                   ^^^^^^^^^^^^^
      help: write python_version = "3.12", or change project.requires-python"
  `);
  expect(await version(`${project(">=3.12.20")}${key("3.12")}`)).toBe("3.12");
});

test("the limit that is broken is shown", async () => {
  const poetry = `${project(">=3.9")}[tool.poetry.dependencies]\npython = ">=3.9,<3.12"\n`;
  expect(await errorsOf(poetry + key("3.13"))).toMatchInlineSnapshot(`
    "pyproject.toml:7:18: error: python_version asks for Python 3.13, but tool.poetry.dependencies.python is ">=3.9,<3.12" [python.unsatisfiable]
      7 | python_version = "3.13"
        |                  ^^^^^^
      and pyproject.toml:5:10:
      5 | python = ">=3.9,<3.12"
        |          ^^^^^^^^^^^^^
      help: change one of them: no release 3.13.x meets tool.poetry.dependencies.python"
  `);
  expect(await errorsOf(`${project(">=3.13")}[tool.poetry.dependencies]\npython = "<3.12"\n`)).toMatchInlineSnapshot(`
    "pyproject.toml:3:19: error: no Python from 3.3 to 3.15 meets ">=3.13" and "<3.12" [python.unsatisfiable]
      3 | requires-python = ">=3.13"
        |                   ^^^^^^^^
      and pyproject.toml:5:10:
      5 | python = "<3.12"
        |          ^^^^^^^
      help: 3.15 is the newest this release of microb knows; name another with python_version"
  `);
});
