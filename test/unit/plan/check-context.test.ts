import { describe, expect, test } from "vitest";
import { locateDiagnostics, renderDiagnostics } from "../../../src/diagnostic/render.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { planProject } from "../../../src/plan/plan-project.ts";
import { AMD64, errorsOf, planOf, ROOT, recordReader, renderError, warningsOf } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";

const BUILD = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
const project = (keys = "", rest = BUILD): string =>
  `[project]\nname = "app"\nversion = "1"\ndependencies = ["six"]\n${keys}${rest}`;
const SOURCE = '[tool.microb.target.default]\ninstall = "source"\n';

describe("files that the metadata names", () => {
  const readme = project('readme = "README.md"\n');

  test("are there", async () => {
    expect(await warningsOf(readme, { files: { "README.md": "" } })).toBe("");
  });

  test("are not there", async () => {
    expect(await warningsOf(readme)).toMatchInlineSnapshot(`
      "pyproject.toml:5:10: warning: project.readme names "README.md", which is not in the build context [project.file]
        5 | readme = "README.md"
          |          ^^^^^^^^^^^
        help: add the file, or remove the entry: the build backend reads it"
    `);
  });

  test("are left out by a rule, which is shown", async () => {
    const files = { "README.md": "", ".dockerignore": "# documents\n  *.md\n" };
    expect(await warningsOf(readme, { files })).toMatchInlineSnapshot(`
      "pyproject.toml:5:10: warning: project.readme names "README.md", which line 2 of .dockerignore leaves out [project.file]
        5 | readme = "README.md"
          |          ^^^^^^^^^^^
        and .dockerignore:2:3:
        2 |   *.md
          |   ^^^^
        help: write !README.md as the last line of .dockerignore: the build backend reads it"
    `);
  });

  test("are left out, and would not be there either", async () => {
    expect(await warningsOf(readme, { files: { ".dockerignore": "*.md\n" } })).toContain("line 1 of .dockerignore");
  });

  test("are brought back", async () => {
    expect(await warningsOf(readme, { files: { "README.md": "", ".dockerignore": "*.md\n!README.md\n" } })).toBe("");
  });

  test("are left out by microb", async () => {
    const files = { "dist/README.md": "" };
    expect(await warningsOf(project('readme = "dist/README.md"\n'), { files })).toMatchInlineSnapshot(`
      "pyproject.toml:5:10: warning: project.readme names "dist/README.md", which microb leaves out [project.file]
        5 | readme = "dist/README.md"
          |          ^^^^^^^^^^^^^^^^
        help: write !dist/README.md as the last line of .dockerignore: the build backend reads it"
    `);
    const brought = { ...files, ".dockerignore": "!dist/README.md\n" };
    expect(await warningsOf(project('readme = "dist/README.md"\n'), { files: brought })).toBe("");
  });

  test.each(["../README.md", "/README.md", "docs/../../README.md"])("are outside of the project: %s", async (name) => {
    const location = { directory: "services/a", buildFile: "pyproject.toml" };
    const text = project(`readme = "${name}"\n`);
    const warnings = await warningsOf(text, { location, files: { "services/README.md": "", "README.md": "" } });
    expect(warnings).toContain(`project.readme names "${name}", which is outside of the project [project.file]`);
  });

  test("are looked for in the directory of the project", async () => {
    const location = { directory: "services/a", buildFile: "pyproject.toml" };
    expect(await warningsOf(readme, { location, files: { "services/a/README.md": "" } })).toBe("");
    expect(await warningsOf(readme, { location, files: { "README.md": "" } })).toContain("not in the build context");
  });

  test.each([
    ["one match is enough", { LICENSE: "", "LICENSE.MIT": "", ".dockerignore": "LICENSE.MIT\n" }, ""],
    ["none matches", {}, 'names "LICEN[CS]E*", which no file of the build context matches'],
    ["all are left out", { LICENSE: "", ".dockerignore": "LICENSE\n" }, "line 1 of .dockerignore leaves LICENSE out"],
    ["everything is left out", { ".dockerignore": "*\n!pyproject.toml\n" }, "which line 1 of .dockerignore leaves out"],
  ])("are named by a pattern: %s", async (_, files, expected) => {
    const warnings = await warningsOf(project('license-files = ["LICEN[CS]E*"]\n'), { files });
    if (expected === "") expect(warnings).toBe("");
    else expect(warnings).toContain(expected);
  });

  test("are named by a pattern that only the backend can follow", async () => {
    expect(await warningsOf(project('license-files = ["**/LICENSE", "vendor/*/LICENSE"]\n'))).toBe("");
  });

  test.each(["?", "a/", "[", "*a", "../"])("have names of any length: %s", async (part) => {
    const text = project(`readme = "${part.repeat(10_000)}"\nlicense-files = ["${part.repeat(10_000)}"]\n`);
    const started = processorTime();
    await warningsOf(text);
    expect(processorTime() - started).toBeLessThan(5000);
  });

  test("matter to nobody if the project is copied as source", async () => {
    expect(await warningsOf(project('readme = "README.md"\n', BUILD + SOURCE))).toBe("");
  });

  test("are all told", async () => {
    const text = project('readme = "R"\nlicense-files = ["L"]\n').replace(
      "[build-system]",
      '[tool.hatch.version]\npath = "v.py"\n[build-system]',
    );
    expect(await warningsOf(text.replace('version = "1"', 'dynamic = ["version"]'))).toMatch(/^3 warnings:/);
  });
});

describe("what the ignore file hides", () => {
  test("is the build file", async () => {
    expect(await warningsOf(project(), { files: { ".dockerignore": "*\n!src\n" } })).toMatchInlineSnapshot(`
      ".dockerignore:1:1: warning: line 1 of .dockerignore leaves out pyproject.toml, which the build backend reads [context.ignored]
        1 | *
          | ^
        help: write !pyproject.toml as the last line of .dockerignore"
    `);
  });

  test("is the build file, which nobody reads in a source", async () => {
    expect(await warningsOf(project("", BUILD + SOURCE), { files: { ".dockerignore": "*.toml\n" } })).toBe("");
  });

  test.each([
    ["is put there by the build", { isFromElsewhere: true }, project()],
    [
      "comes from the client, as it holds a password",
      {},
      `${project()}[tool.microb.target.default]\nindices = [{ url = "https://h/simple/", username = "u", password = "p" }]\n`,
    ],
  ])("is the build file, which %s", async (_, more, text) => {
    const reader = recordReader({});
    const { rules, source } = await import("../../../src/facts/ignore-file.ts").then(({ parseIgnoreFile }) =>
      parseIgnoreFile(sourceText(".dockerignore", "*.toml\n")),
    );
    const { warnings } = await planProject(reader, {
      source: sourceText("pyproject.toml", text),
      location: ROOT,
      platforms: [AMD64],
      ignore: { rules, source },
      target: "",
      variables: new Map(),
      ...more,
    });
    expect(warnings.map(({ code }) => code)).not.toContain("context.ignored");
  });

  test("are the modules", async () => {
    const files = { "src/app/__init__.py": "", ".dockerignore": "docs\nsrc\n" };
    expect(await warningsOf(project(), { files })).toMatchInlineSnapshot(`
      ".dockerignore:2:1: warning: line 2 of .dockerignore leaves out src, where the modules of the project are [context.ignored]
        2 | src
          | ^^^
        help: write !src as the last line of .dockerignore"
    `);
    expect(await warningsOf(project("", BUILD + SOURCE), { files })).toContain("leaves out src");
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ["the package itself", "", { "app/__init__.py": "", ".dockerignore": "app\n" }],
    ["a module", "", { "app.py": "", ".dockerignore": "*.py\n" }],
    [
      "a package that the backend is told of",
      '[tool.hatch.build.targets.wheel]\npackages = ["lib/x"]\n',
      {
        "lib/x/__init__.py": "",
        ".dockerignore": "**/x\n",
      },
    ],
  ])("is %s", async (_, table, files) => {
    expect(await warningsOf(project() + table, { files })).toContain("where the modules of the project are");
  });

  test.each([
    ["src/*", "line 1 of .dockerignore leaves out src/app,", "!src as"],
    ["**/*.py", "line 1 of .dockerignore leaves out src/app/__init__.py,", "!src as"],
    ["src/app/*", "line 1 of .dockerignore leaves out src/app/__init__.py,", "!src as"],
    ["*\n!pyproject.toml", "line 1 of .dockerignore leaves out src,", "!src as"],
    ["*\n!pyproject.toml\n!src/**\n**/*.py", "line 4 of .dockerignore leaves out src/app/__init__.py,", "!src as"],
  ])("are files of a package by %j", async (rules, expected, help) => {
    const found = await warningsOf(project(), { files: { "src/app/__init__.py": "", ".dockerignore": `${rules}\n` } });
    expect(found).toContain(expected);
    expect(found).toContain(`help: write ${help} the last line`);
  });

  test.each([
    ["pkg/*.py", 'pkg/__init__.py"', { "pkg/__init__.py": "" }],
    ["src/*", "src,", { "src/other/__init__.py": "" }],
    ["**/*.py", "src,", { "src/other/__init__.py": "" }],
  ])("are files of a package that is called otherwise by %j", async (rules, _, files) => {
    const table = "pkg/__init__.py" in files ? '[tool.hatch.build.targets.wheel]\npackages = ["pkg"]\n' : "";
    const found = await warningsOf(project() + table, { files: { ...files, ".dockerignore": `${rules}\n` } });
    expect(found).toContain("where the modules of the project are");
    expect(found).toMatch(/^\.dockerignore:1:1: warning: line 1 /);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["is brought back file by file", { "src/app/__init__.py": "", ".dockerignore": "*\n!pyproject.toml\n!src/**\n" }],
    ["has another name", { "src/other/__init__.py": "", ".dockerignore": "*\n!pyproject.toml\n!src/other\n" }],
    ["is hidden in part", { "src/app/__init__.py": "", ".dockerignore": "src/app/test_*\n**/conftest.py\n" }],
    ["is no module", { "app/__init__.py": "", "src/index.js": "", ".dockerignore": "src\n" }],
    ["is not there", { ".dockerignore": "src\napp\n" }],
    ["is a part of a package", { "src/app/__init__.py": "", "src/app/x.md": "", ".dockerignore": "**/*.md\n" }],
    ["is brought back", { "src/app/__init__.py": "", ".dockerignore": "*\n!pyproject.toml\n!src\n" }],
  ])("may be hidden: it %s", async (_, files) => {
    expect(await warningsOf(project(), { files })).toBe("");
  });
});

describe("history", () => {
  const vcs = project("", BUILD.replace('"hatchling"]', '"hatchling", "hatch-vcs"]')).replace(
    'version = "1"',
    'dynamic = ["version"]',
  );

  test("that is left out is an error, if the version cannot be determined", async () => {
    expect(await errorsOf(vcs, { files: { ".dockerignore": ".git\n" } })).toMatchInlineSnapshot(`
      "pyproject.toml:6:26: error: hatch-vcs reads the version from .git, which line 1 of .dockerignore leaves out: the version cannot be determined [context.ignored]
        6 | requires = ["hatchling", "hatch-vcs"]
          |                          ^^^^^^^^^^^
        and .dockerignore:1:1:
        1 | .git
          | ^^^^
        help: write !.git as the last line of .dockerignore, or state the version"
    `);
  });

  test.each(["**/.git", ".git*", ".git/", ".git/*", "*\n!src", ".*"])("may be left out by %j", async (rules) => {
    expect(await errorsOf(vcs, { files: { ".dockerignore": `${rules}\n` } })).toContain(
      "the version cannot be determined",
    );
  });

  test("that is left out is a warning, if a version is made up", async () => {
    const text = vcs.replace('"hatch-vcs"', '"setuptools-git-versioning"');
    expect(await warningsOf(text, { files: { ".dockerignore": ".git\n" } })).toMatchInlineSnapshot(`
      "pyproject.toml:6:26: warning: setuptools-git-versioning reads the version from .git, which line 1 of .dockerignore leaves out: the version will be a made-up one [context.ignored]
        6 | requires = ["hatchling", "setuptools-git-versioning"]
          |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        and .dockerignore:1:1:
        1 | .git
          | ^^^^
        help: write !.git as the last line of .dockerignore, or state the version"
    `);
  });

  test.each([
    ["SETUPTOOLS_SCM_PRETEND_VERSION", "env"],
    ["SETUPTOOLS_SCM_PRETEND_VERSION_FOR_APP", "env"],
    ["PDM_BUILD_SCM_VERSION", "env"],
    ["UV_DYNAMIC_VERSIONING_BYPASS", "environment"],
  ])("is not needed with %s", async (name, key) => {
    const text = `${vcs}[tool.microb.target.default]\n${key} = { ${name} = "1.0" }\n`;
    const { warnings } = await planOf(text, { files: { ".dockerignore": ".git\n" } });
    expect(warnings.map(({ code }) => code)).not.toContain("context.ignored");
  });

  test.each(["PKG-INFO", ".git_archival.txt"])("is not needed with %s", async (name) => {
    expect(await warningsOf(vcs, { files: { ".dockerignore": ".git\n", [name]: "" } })).toBe("");
  });

  test("of a project in a directory is never there when it is built", async () => {
    const location = { directory: "services/a", buildFile: "pyproject.toml" };
    for (const ignored of ["", ".git\n"])
      expect(await warningsOf(vcs, { location, files: { ".git/HEAD": "", ".dockerignore": ignored } })).toContain(
        "hatch-vcs reads the version from .git, and only services/a of the context is there when it is built: the version cannot be determined [context.ignored]",
      );
    const files = { "services/a/.git/HEAD": "" };
    expect(await warningsOf(vcs, { location, files })).toBe("");
    expect(await warningsOf(vcs, { location, files: { "services/a/PKG-INFO": "" } })).toBe("");
  });

  test.each([
    ["a repository without it", {}, "which is not in the build context: the version cannot be determined"],
    ["a repository with it", { ".git/HEAD": "" }, ""],
    ["a source distribution", { "PKG-INFO": "" }, ""],
  ])("is looked for in a context that is sent whole: %s", async (_, files, expected) => {
    const plan = () =>
      planProject(recordReader(files), {
        source: sourceText("pyproject.toml", vcs),
        location: ROOT,
        platforms: [AMD64],
        target: "",
        variables: new Map(),
      });
    if (expected === "") await expect(plan()).resolves.toBeDefined();
    else {
      const message = await renderError(plan);
      expect(message).toContain(expected);
      expect(message).toContain("--build-arg BUILDKIT_CONTEXT_KEEP_GIT_DIR=1");
    }
  });

  test("is not needed where the project is copied as source", async () => {
    expect(await warningsOf(vcs + SOURCE, { files: { ".dockerignore": ".git\n" } })).toBe("");
  });
});

describe("secrets next to a source", () => {
  test("are named once", async () => {
    const files = { ".env": "A=1", ".env.local": "", ".env.example": "", "server.key": "", "app/.env": "" };
    expect(await warningsOf(project("", SOURCE), { files })).toMatchInlineSnapshot(`
      "pyproject.toml:6:11: warning: .env, .env.local, app/.env, server.key look like secrets and are not copied into the image [context.secret]
        6 | install = "source"
          |           ^^^^^^^^
        help: list such files in the ignore file; if the image needs one, write !.env as the last line of .dockerignore"
    `);
  });

  test.each([
    ["are left out by the user", { ".env": "", ".dockerignore": ".env\n" }],
    ["are brought back by the user", { ".env": "", ".dockerignore": "!.env\n" }],
    ["are none", { ".env.example": "" }],
  ])("%s", async (_, files) => {
    expect(await warningsOf(project("", SOURCE), { files })).toBe("");
  });

  test("are of no matter to a package", async () => {
    expect(await warningsOf(project(), { files: { ".env": "" } })).toBe("");
  });
});

describe("a requirements file that nothing reads", () => {
  const bare = '[project]\nname = "app"\nversion = "1"\n';
  const files = { "requirements.txt": "# web\nflask\n" };

  test("is told, with the key that reads it", async () => {
    expect(await warningsOf(bare + SOURCE, { files })).toMatchInlineSnapshot(`
      "pyproject.toml:4:21: warning: nothing reads requirements.txt: the image has none of the packages in it [requirements.unused]
        4 | [tool.microb.target.default]
          |                     ^^^^^^^
        help: set requirements = "requirements.txt" in [tool.microb.target.default]"
    `);
  });

  test("is told where the project requires something else", async () => {
    const text = project("[tool.microb.target.default]\ninstall = 'source'\n", "");
    const found = await warningsOf(text, { files: { "requirements.txt": "six\nFlask==3\n" } });
    expect(found).toMatchInlineSnapshot(`
      "pyproject.toml:4:1: warning: nothing reads requirements.txt, and the project does not require flask, which it lists [requirements.unused]
        4 | dependencies = ["six"]
          | ^^^^^^^^^^^^
        help: set requirements = "requirements.txt" in [tool.microb.target.default], or add what is missing to the dependencies"
    `);
    const many = Array.from({ length: 9 }, (_, index) => `p${index}`);
    expect(await warningsOf(text, { files: { "requirements.txt": many.join("\n") } })).toContain(
      "does not require p0, p1, p2, p3, p4 and 4 more, which it lists",
    );
    const partly = "flask==3\n    # via celery\n";
    expect(await warningsOf(text, { files: { "requirements.txt": partly } })).toContain("does not require flask");
  });

  test("is told where there are tools' tables only", async () => {
    expect(await warningsOf("[tool.ruff]\n", { files })).toContain("nothing reads requirements.txt");
  });

  test("is named by its path in the context", async () => {
    const location = { directory: "services/a", buildFile: "pyproject.toml" };
    const warnings = await warningsOf(bare + SOURCE, { location, files: { "services/a/requirements.txt": "flask\n" } });
    expect(warnings).toContain('set requirements = "services/a/requirements.txt" in [tool.microb.target.default]');
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ["a key names one", `${bare}${SOURCE}requirements = "requirements.txt"\n`, files],
    ["the project has them", project("", SOURCE).replace("six", "Flask>=2"), files],
    ["an extra has them", project("[project.optional-dependencies]\nweb = ['flask']\n", SOURCE), files],
    ["a group has them", `${project("", SOURCE)}[dependency-groups]\nweb = ["flask"]\n`, files],
    ["it names the project", project("", SOURCE), { "requirements.txt": "-e .\nflask\n" }],
    ["pip-compile made it", project("", SOURCE), { "requirements.txt": "six==1\nflask==3\n    # via six\n" }],
    [
      "Poetry made it",
      project("", SOURCE),
      { "requirements.txt": 'six==1\nflask==3 ; python_version >= "3.9" and python_version < "4"\n' },
    ],
    ["it has none in it", bare + SOURCE, { "requirements.txt": "# nothing\n\n" }],
    [
      "there is a lock",
      bare + SOURCE,
      { ...files, "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n' },
    ],
    ["setup.py may read it", bare, { ...files, "setup.py": "" }],
    ["the backend may read it", `[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n${BUILD}`, files],
  ])("is of no matter where %s", async (_, text, around) => {
    const { warnings } = await planOf(text, { files: around });
    expect(warnings.map(({ code }) => code)).not.toContain("requirements.unused");
  });
});

test("of a context that is sent whole nothing is left out", async () => {
  const { warnings } = await planProject(recordReader({ "dist/README.md": "", ".env": "" }), {
    source: sourceText("pyproject.toml", project('readme = "dist/README.md"\n')),
    location: ROOT,
    platforms: [AMD64],
    target: "",
    variables: new Map(),
  });
  expect(renderDiagnostics(await locateDiagnostics(warnings), "warning")).toBe("");
});
