import { expect, test } from "vitest";
import { planOf, type Surroundings, warningsOf } from "../../support/planning.ts";

async function mode(text: string, surroundings?: Surroundings): Promise<string> {
  const { plan, warnings } = await planOf(text, surroundings);
  const steps = JSON.stringify(plan.stages);
  const isPackage = steps.includes("install --no-compile --no-deps /projectdir");
  const isSource = steps.includes('"sources":["/projectdir/"]');
  expect(isPackage).not.toBe(isSource);
  return `${isPackage ? "package" : "source"}${warnings.some(({ code }) => code === "project.install") ? ", warned" : ""}`;
}

const PROJECT = '[project]\nname = "x"\n';
const BUILD = "[build-system]\nrequires = []\n";
const install = (value: string): string => `[tool.microb.target.default]\ninstall = "${value}"\n`;

test.each<[string, string, Surroundings | undefined, string]>([
  ["it has a build system", PROJECT + BUILD, undefined, "package"],
  ["it has a setup.py", PROJECT, { files: { "setup.py": "" } }, "package"],
  ["it has a setup.cfg", PROJECT, { files: { "setup.cfg": "" } }, "package"],
  ["it has none of them", PROJECT, undefined, "source, warned"],
  ["uv says it is no package", `${PROJECT}${BUILD}[tool.uv]\npackage = false\n`, undefined, "source, warned"],
  [
    "uv says it is one, which it then builds with setuptools",
    `${PROJECT}[tool.uv]\npackage = true\n`,
    undefined,
    "package",
  ],
  ["Poetry says it is no package", `${BUILD}[tool.poetry]\npackage-mode = false\n`, undefined, "source, warned"],
  [
    "Poetry says it is no package beside [project]",
    `${PROJECT}${BUILD}[tool.poetry]\npackage-mode = false\n`,
    undefined,
    "source, warned",
  ],
  ["Poetry has no packages", `${BUILD}[tool.poetry]\nname = "My-App"\npackages = []\n`, undefined, "source, warned"],
  ["Poetry has none beside [project]", `${PROJECT}${BUILD}[tool.poetry]\npackages = []\n`, undefined, "source, warned"],
  [
    "Poetry has no packages, and finds a module",
    `${BUILD}[tool.poetry]\nname = "My-App"\npackages = []\n`,
    { files: { "src/my_app/__init__.py": "" } },
    "package",
  ],
  ["Poetry has packages", `${BUILD}[tool.poetry]\npackages = [{ include = "a" }]\n`, undefined, "package"],
  ["the target says source", PROJECT + BUILD + install("source"), undefined, "source"],
  ["the target says package", PROJECT + install("package"), undefined, "package"],
])("how a project is installed when %s", async (_, text, surroundings, expected) => {
  expect(await mode(text, surroundings)).toBe(expected);
});

test("the warning says why", async () => {
  expect(await warningsOf(`${BUILD}[tool.poetry]\nname = "x"\npackages = []\n`)).toMatch(
    /^pyproject.toml:5:12: warning: tool.poetry.packages is empty: the project is copied as source/,
  );
  expect(await warningsOf(`${PROJECT}${BUILD}[tool.uv]\npackage = false\n`)).toMatchInlineSnapshot(`
    "pyproject.toml:6:11: warning: tool.uv.package is false: the project is copied as source, not installed as a package [project.install]
      6 | package = false
        |           ^^^^^
      help: set install = "package" to build it, or set install = "source" to copy it without this warning (write keys of microb into [tool.microb.target.default])"
  `);
  expect(await warningsOf(PROJECT)).toMatchInlineSnapshot(`
    "pyproject.toml:1:2: warning: there is no [build-system]: the project is copied as source, not installed as a package [project.install]
      1 | [project]
        |  ^^^^^^^
      help: set install = "source" if that is meant; for a package add a [build-system] table (write keys of microb into [tool.microb.target.default])"
  `);
});

test.each<[string, string, readonly string[] | undefined]>([
  ["one script", `${PROJECT}${BUILD}[project.scripts]\nserve = "m:f"\n`, ["serve"]],
  ["one script of Poetry's", `${BUILD}[tool.poetry.scripts]\nserve = "m:f"\n`, ["serve"]],
  ["two scripts", `${PROJECT}${BUILD}[project.scripts]\na = "m:f"\nb = "m:g"\n`, undefined],
  ["no script", PROJECT + BUILD, undefined],
  ["a script that is not installed", `${PROJECT}[project.scripts]\nserve = "m:f"\n`, undefined],
  [
    "a command",
    `${PROJECT}${BUILD}[project.scripts]\nserve = "m:f"\n[tool.microb.target.default]\ncommand = ["x"]\n`,
    undefined,
  ],
  [
    "an empty entrypoint",
    `${PROJECT}${BUILD}[project.scripts]\nserve = "m:f"\n[tool.microb.target.default]\nentrypoint = []\n`,
    [],
  ],
])("the entrypoint of a project with %s", async (_, text, entrypoint) => {
  const { plan } = await planOf(text);
  expect(plan.image.entrypoint).toEqual(entrypoint);
});

test.each([
  ["setuptools", true],
  ["setuptools-scm[toml]>=8", false],
  ["Setuptools_SCM", false],
  ["hatch-vcs", false],
  ["!!", false],
])("a build that requires %j leaves the repository's history out: %s", async (requirement, out) => {
  const { plan } = await planOf(`${PROJECT}[build-system]\nrequires = ["${requirement}"]\n`);
  expect(plan.exclude.includes(".git")).toBe(out);
  expect(plan.exclude).toEqual([...plan.exclude].sort());
});

test("all that may be source is looked at as source: secrets, virtual environments, and what may start it", async () => {
  const files = { ".env": "A=1", "env/pyvenv.cfg": "", "main.py": "import uvicorn\n" };
  const scripts = '[project]\nname = "x"\nscripts = { x = "x:main" }\n';
  for (const text of [
    PROJECT,
    `${PROJECT}${BUILD}[tool.uv]\npackage = false\n`,
    `${PROJECT}${BUILD}[tool.poetry]\npackages = []\n`,
    `${scripts}${BUILD}[tool.poetry]\npackages = []\n`,
    PROJECT + BUILD + install("source"),
    scripts + BUILD + install("source"),
  ]) {
    const { plan, facts, warnings } = await planOf(text, { files });
    expect(warnings.map(({ code }) => code)).toContain("context.secret");
    expect(plan.exclude).toContain("env");
    expect(facts.startFiles?.has("main.py")).toBe(true);
  }
  const { facts } = await planOf(scripts + BUILD, { files });
  expect([facts.found, facts.startFiles]).toEqual([undefined, undefined]);
});
