import { expect, test } from "vitest";
import type { Metadata } from "../../../src/config/metadata.ts";
import { errorsOf, planOf, type Surroundings, warningsOf } from "../../support/planning.ts";

const SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
const CFG = `# about the project
[metadata]
name = app
version = 1
description = An app
license = MIT
author = Ann
author-email = a@x
url = https://x
project_urls =
    Source = https://y

[options]
python_requires = >=3.9,<3.12
install_requires =
    six
    # not this one
    idna
[options.entry_points]
console_scripts =
    app = app:main
[options.extras_require]
web = flask
`;
const PY = 'from setuptools import setup\nsetup(name="app", install_requires=["six"], python_requires=">=3.8,<3.12")\n';
const extras = (...names: string[]): string => `[tool.microb.target.default]\nextras = ${JSON.stringify(names)}\n`;

async function metadata(text: string, files: Record<string, string>): Promise<Metadata> {
  return (await planOf(text, { files })).project.metadata;
}

test.each([
  ["setup.py asks for it", SETUPTOOLS, { "setup.py": 'setup(setup_requires=["pbr"], pbr=True)\n' }],
  ["the build file does", SETUPTOOLS.replace('["setuptools"]', '["setuptools", "pbr>=6"]'), {}],
  ["it is the backend", '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n', {}],
])("pbr has names of its own, if %s", async (_, text, files) => {
  const cfg =
    "[metadata]\nname = app\nsummary = An app\nhome-page = https://x\npython-requires = >=3.9,<3.12\n[entry_points]\nconsole_scripts =\n    app = app:main\n";
  expect(await metadata(text, { ...files, "setup.cfg": cfg })).toMatchObject({
    description: "An app",
    urls: new Map([["homepage", "https://x"]]),
    scripts: ["app"],
    pythonLimits: [{ text: ">=3.9,<3.12" }],
  });
  const older = cfg.replace("python-requires", "requires-python");
  expect((await planOf(text, { files: { ...files, "setup.cfg": older } })).plan.stages[0]?.base).toBe("python:3.11");
  const without = await metadata(SETUPTOOLS, { "setup.cfg": cfg });
  expect([without.pythonLimits, without.scripts, without.description]).toEqual([[], [], undefined]);
});

/** The command that installs the project, and the Python that it is installed for. */
async function installed(text: string, surroundings: Surroundings): Promise<string> {
  const [builder] = (await planOf(text, surroundings)).plan.stages;
  const commands = builder?.steps.flatMap((step) => (step.kind === "run" ? step.commands : [])) ?? [];
  const [last = ""] = commands.filter((one) => one.includes(" install ")).slice(-1);
  return `${builder?.base}: ${/(--no-deps )?\/projectdir\S*/.exec(last)?.[0].replace("'", "")}`;
}

test.each<[string, string, Record<string, string>, string]>([
  ["setup.cfg", SETUPTOOLS, { "setup.cfg": CFG }, "python:3.11: /projectdir"],
  [
    "setup.cfg, with carriage returns",
    SETUPTOOLS,
    { "setup.cfg": CFG.replaceAll("\n", "\r\n") },
    "python:3.11: /projectdir",
  ],
  ["setup.py", SETUPTOOLS, { "setup.py": PY }, "python:3.11: /projectdir"],
  ["setup.py alone", "[tool.black]\n", { "setup.py": PY }, "python:3.11: /projectdir"],
  [
    "setup.cfg whose options are all indented",
    SETUPTOOLS,
    {
      "setup.cfg":
        "[metadata]\n  name = app\n  version = 1\n[options]\n  install_requires =\n    six\n  python_requires = >=3.8,<3.12\n",
    },
    "python:3.11: /projectdir",
  ],
  [
    "setup.py with a number sign in a string and another Python in its documentation",
    SETUPTOOLS,
    {
      "setup.py":
        '"""python_requires=">=2"."""\nsetup(url="https://a/#b", python_requires=">=3.8,<3.12")  # python_requires=">=4"\n',
    },
    "python:3.11: /projectdir",
  ],
  [
    "setup.py beside setup.cfg",
    SETUPTOOLS,
    { "setup.py": PY, "setup.cfg": CFG.replace("<3.12", "<3.10") },
    "python:3.11: /projectdir",
  ],
  [
    "setup.py without a word on Python",
    SETUPTOOLS,
    { "setup.py": "setup()", "setup.cfg": CFG },
    "python:3.11: /projectdir",
  ],
  [
    "setup.py that computes it",
    SETUPTOOLS,
    { "setup.py": "setup(python_requires=VERSIONS)", "setup.cfg": CFG },
    "python:3.14: /projectdir",
  ],
  [
    "setup.py with a comment",
    SETUPTOOLS,
    { "setup.py": '# python_requires="<3"\nsetup(**{"python_requires": \'<3.13\'})\n' },
    "python:3.12: /projectdir",
  ],
  ["an extra", SETUPTOOLS + extras("Web", "x"), { "setup.cfg": CFG }, "python:3.11: /projectdir[web,x]"],
  [
    "flit",
    `${'[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'}[tool.flit.metadata]\nmodule = "app"\nrequires-python = "<3.12"\n`,
    {},
    "python:3.11: /projectdir",
  ],
  [
    "a backend of its own",
    '[build-system]\nrequires = ["pbr"]\nbuild-backend = "pbr.build"\n',
    {},
    "python:3.14: /projectdir",
  ],
  [
    "setup.cfg of a linter",
    SETUPTOOLS,
    { "setup.cfg": "[flake8]\nmax-line-length = 99\n" },
    "python:3.14: --no-deps /projectdir",
  ],
  [
    "setup.cfg that [project] does not ask",
    `${SETUPTOOLS}[project]\nname = "app"\n`,
    { "setup.cfg": CFG },
    "python:3.14: --no-deps /projectdir",
  ],
  [
    "setup.cfg that [project] asks",
    `${SETUPTOOLS}[project]\nname = "app"\ndynamic = ["requires-python", "dependencies"]\n`,
    { "setup.cfg": CFG },
    "python:3.11: /projectdir",
  ],
])("what is installed of a project with %s", async (_, text, files, expected) => {
  expect(await installed(text, { files })).toBe(expected);
});

test("setup.cfg tells what the image is called, and what it starts", async () => {
  const found = await metadata(SETUPTOOLS, { "setup.cfg": CFG });
  expect(found).toMatchObject({
    name: "app",
    version: "1",
    description: "An app",
    license: "MIT",
    authors: [{ name: "Ann", email: "a@x" }],
    urls: new Map([
      ["homepage", "https://x"],
      ["Source", "https://y"],
    ]),
    scripts: ["app"],
    extrasAreDynamic: true,
  });
  const { plan } = await planOf(SETUPTOOLS, { files: { "setup.cfg": CFG } });
  expect(plan.image.entrypoint).toEqual(["app"]);
});

test("what setup.cfg leaves to files, code or setup.py is not told", async () => {
  const cfg =
    "[metadata]\nname = attr: app.NAME\nversion = file: VERSION\n[options.entry_points]\nconsole_scripts = a = b:c\n";
  const found = await metadata(SETUPTOOLS, { "setup.cfg": cfg, "setup.py": "setup(entry_points={})" });
  expect(found).toMatchObject({ scripts: [] });
  expect(found.name).toBeUndefined();
  expect(found.version).toBeUndefined();
});

test.each([
  ["a list of one", 'entry_points={"console_scripts": ["app = app.cli:main"]}', ["app"]],
  [
    "two, over lines",
    "entry_points=dict(\n  console_scripts=[\n    'a=x:y',\n    'b-c = x:z [extra]',\n  ],\n)",
    ["a", "b-c"],
  ],
  [
    "what is computed",
    'entry_points={"console_scripts": ["app = x:y"] + MORE} if MORE else {"console_scripts": []}',
    [],
  ],
  ["names that are computed", 'entry_points={"console_scripts": [NAME + " = x:y"]}', []],
  ["a comment", '# entry_points={"console_scripts": ["app = x:y"]}', []],
])("the scripts of setup.py are known where they are literals: %s", async (_, text, scripts) => {
  expect(await metadata(SETUPTOOLS, { "setup.py": `setup(name="app", ${text})\n` })).toMatchObject({ scripts });
});

test("a limit of another file is shown there", async () => {
  const key = '[tool.microb.target.default]\npython_version = "3.13"\n';
  expect(await errorsOf(SETUPTOOLS + key, { files: { "setup.cfg": CFG } })).toMatchInlineSnapshot(`
    "pyproject.toml:5:18: error: python_version asks for Python 3.13, but python_requires is ">=3.9,<3.12" [python.unsatisfiable]
      5 | python_version = "3.13"
        |                  ^^^^^^
      and setup.cfg:14:19:
      14 | python_requires = >=3.9,<3.12
         |                   ^^^^^^^^^^^
      help: change one of them: no release 3.13.x meets python_requires"
  `);
  expect(await errorsOf(SETUPTOOLS + key, { files: { "setup.py": PY } })).toMatchInlineSnapshot(`
    "pyproject.toml:5:18: error: python_version asks for Python 3.13, but python_requires is ">=3.8,<3.12" [python.unsatisfiable]
      5 | python_version = "3.13"
        |                  ^^^^^^
      and setup.py:2:62:
      2 | …"app", install_requires=["six"], python_requires=">=3.8,<3.12")
        |                                                    ^^^^^^^^^^^
      help: change one of them: no release 3.13.x meets python_requires"
  `);
});

test("passwords of another file are not shown with it", async () => {
  const py = 'setup(dependency_links=["https://me:s3cret@x/"], python_requires="nonsense")\n';
  const rendered = await errorsOf(SETUPTOOLS, { files: { "setup.py": py } });
  expect(rendered).toMatch(/^setup.py:1:67: error: "nonsense" is not a version specifier/);
  expect(rendered).not.toContain("s3cret");
});

test("dependencies that setuptools tells are said to be dynamic, and need the project to be installed", async () => {
  expect(await warningsOf(SETUPTOOLS, { files: { "setup.cfg": CFG } })).toMatchInlineSnapshot(`
    "setup.cfg:1:1: warning: the dependencies come from setup.cfg: all dependencies are installed together with the project, and again after every change of it [project.dynamic]
      1 | # about the project
        | ^
      help: declare project.dependencies, or name a lock with the requirements key (write keys of microb into [tool.microb.target.default])"
  `);
  const source = '[tool.microb.target.default]\ninstall = "source"\n';
  expect(await errorsOf(SETUPTOOLS + source, { files: { "setup.py": PY } })).toMatchInlineSnapshot(`
    "setup.py:1:1: error: the dependencies come from setup.py: they are known only when the project is built, but it is copied as source [project.dynamic]
      1 | from setuptools import setup
        | ^
      help: declare project.dependencies, or name a lock with the requirements key"
  `);
});

const FROM_FILES = `${SETUPTOOLS}[project]
name = "app"
version = "1"
dependencies = ["six"]
dynamic = ["optional-dependencies"]
[tool.setuptools.dynamic]
optional-dependencies.web = { file = ["web.txt"] }
optional-dependencies.other = { file = "missing.txt" }
`;

test("extras that setuptools reads from files are those of the files", async () => {
  const { dependencies, warnings } = await planOf(FROM_FILES + extras("Web"), { files: { "web.txt": "flask\n" } });
  expect(dependencies).toEqual({ kind: "requirements", requirements: ["flask", "six"] });
  expect(warnings).toEqual([]);
  expect(await errorsOf(FROM_FILES + extras("nope", "other"))).toMatchInlineSnapshot(`
    "pyproject.toml:11:40: error: there is no file "missing.txt" in the build context [context.file]
      11 | optional-dependencies.other = { file = "missing.txt" }
         |                                        ^^^^^^^^^^^^^
      help: paths are relative to the root of the build context; check .dockerignore too"
  `);
});

test("an extra that only the backend knows is installed with the project", async () => {
  const text = FROM_FILES.slice(0, FROM_FILES.indexOf("[tool.setuptools"));
  expect(await installed(text + extras("web"), {})).toBe("python:3.14: /projectdir[web]");
  expect(await installed(text, {})).toBe("python:3.14: --no-deps /projectdir");
  expect(await warningsOf(text + extras("web"))).toMatchInlineSnapshot(`
    "pyproject.toml:10:11: warning: the dependencies of the extra "web" are dynamic: all dependencies are installed together with the project, and again after every change of it [project.dynamic]
      10 | extras = ["web"]
         |           ^^^^^
      help: declare project.optional-dependencies, or make a lock"
  `);
  expect(await errorsOf(`${text}${extras("web")}install = "source"\n`)).toMatch(
    /"web" are dynamic: they are known only when/,
  );
});
