import { expect, test } from "vitest";
import type { RunStep } from "../../../src/plan/step.ts";
import { errorsOf, planOf, type Surroundings, warningsOf } from "../../support/planning.ts";

function toml(sources: string, { target = "", dependencies = '"core"', more = "" } = {}): string {
  return `[project]
name = "app"
dependencies = [${dependencies}]
[project.optional-dependencies]
gpu = ["core"]
[dependency-groups]
dev = ["devtool"]
[build-system]
requires = ["hatchling"]
${more}
[tool.uv.sources]
${sources}
[tool.microb.target.default]
${target}
`;
}

/** What is installed before the project. */
async function installed(text: string, surroundings?: Surroundings): Promise<readonly string[]> {
  const { plan } = await planOf(text, surroundings);
  const step = plan.stages[0]?.steps.find(
    (one): one is RunStep => one.kind === "run" && one.title.startsWith("install project.dependencies"),
  );
  const words: readonly string[] =
    step?.commands.find((one) => /^(?:pip|uv) /.test(one))?.match(/'[^']*'|[^\s'\\]+/g) ?? [];
  return words.slice(words.indexOf("--no-compile") + 1).map((word) => word.replace(/^'|'$/g, ""));
}

test.each([
  ['core = { git = "https://h/core.git" }', ["core @ git+https://h/core.git"]],
  ['core = { git = "https://h/core.git", tag = "v1" }', ["core @ git+https://h/core.git@v1"]],
  ['core = { git = "ssh://git@h/core.git", branch = "main" }', ["core @ git+ssh://git@h/core.git@main"]],
  [
    'core = { git = "git@h:team/core.git", rev = "abc", subdirectory = "py" }',
    ["core @ git+ssh://git@h/team/core.git@abc#subdirectory=py"],
  ],
  ['core = { url = "https://h/core.zip" }', ["core @ https://h/core.zip"]],
  ['core = { url = "https://h/core.zip", subdirectory = "py" }', ["core @ https://h/core.zip#subdirectory=py"]],
  ['CORE = [{ git = "https://h/core.git" }]', ["core @ git+https://h/core.git"]],
  // As uv does it: what no source counts for comes from the index.
  [
    `core = { git = "https://h/core.git", marker = "python_version < '3.12' and os_name == 'posix'" }`,
    [
      'core @ git+https://h/core.git ; python_version < "3.12" and os_name == "posix"',
      'core; python_version >= "3.12" or os_name != "posix"',
    ],
  ],
  [
    `core = { git = "https://h/core.git", marker = "sys_platform == 'linux'" }`,
    ['core @ git+https://h/core.git ; sys_platform == "linux"'],
  ],
  [`core = { path = "../core", marker = "sys_platform == 'win32'" }`, ['core; sys_platform != "win32"']],
  [
    `core = [{ url = "https://h/a.zip", marker = "python_version < '3.12'" }, { url = "https://h/b.zip", marker = "python_version >= '3.12'" }]`,
    [
      'core @ https://h/a.zip ; python_version < "3.12"',
      'core @ https://h/b.zip ; python_version >= "3.12"',
      'core; (python_version >= "3.12") and (python_version < "3.12")',
    ],
  ],
  ['core = { path = "../core", extra = "gpu" }', ["core"]],
  ['core = { path = "../core", group = "dev" }', ["core"]],
  ['other = { path = "../other" }', ["core"]],
])("%s", async (sources, expected) => {
  expect(await installed(toml(sources))).toEqual(expected);
  expect(await installed(toml(sources, { target: 'installer = "uv"' }))).toEqual(
    expect.arrayContaining(expected.slice(0, 1)),
  );
});

test("a source of an extra counts with the extra, and a URL of the dependency counts itself", async () => {
  const gpu = toml('core = { git = "https://h/core.git", extra = "gpu" }', { target: 'extras = ["gpu"]' });
  expect(await installed(gpu)).toEqual(["core", "core @ git+https://h/core.git"]);
  expect(await errorsOf(toml('core = { path = "../core", extra = "gpu" }', { target: 'extras = ["gpu"]' }))).toContain(
    "[source.unsupported]",
  );
  expect(await installed(toml('core = { path = "../core" }', { dependencies: '"core @ https://h/x.zip"' }))).toEqual([
    "core @ https://h/x.zip",
  ]);
});

test("what only a lock can have is an error at the source", async () => {
  expect(await errorsOf(toml('core = { path = "../core", editable = true }'))).toMatchInlineSnapshot(`
    "pyproject.toml:12:8: error: "core" is in "../core", and without a lock it would come from the package index [source.unsupported]
      12 | core = { path = "../core", editable = true }
         |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: run uv lock: with a uv.lock next to the build file, microb uses the same sources as uv"
  `);
  expect(await errorsOf(toml("core = { workspace = true }"))).toMatchInlineSnapshot(`
    "pyproject.toml:12:8: error: "core" is a member of the workspace, and without a lock it would come from the package index [source.unsupported]
      12 | core = { workspace = true }
         |        ^^^^^^^^^^^^^^^^^^^^
      help: build from the root of the workspace, where uv.lock is, and name this file by its directory there: docker build -f DIRECTORY/pyproject.toml ."
  `);
  const atRoot = toml("core = { workspace = true }", { more: '[tool.uv.workspace]\nmembers = ["core"]\n' });
  expect(await errorsOf(atRoot)).toContain("help: run uv lock");
  expect(await errorsOf(toml("core = { workspace = true }", { target: "lock = false" }))).toContain(
    "remove lock = false",
  );
  for (const source of [
    '{ git = "https://h/x", lfs = true }',
    "{ workspace = false }",
    "{}",
    `{ path = "c", marker = "python_version ~= '3.9'" }`,
  ])
    expect(await errorsOf(toml(`core = ${source}`))).toContain("[source.unsupported]");
});

test("with a requirements file or a lock sources are of no interest", async () => {
  const target = 'requirements = "r.txt"';
  expect(await warningsOf(toml('core = { path = "../core" }', { target }), { files: { "r.txt": "six\n" } })).toBe("");
});

const INDEX = '[[tool.uv.index]]\nname = "cpu"\nurl = "https://user:pw@Index.example.org/cpu/"\nexplicit = true\n';

test("an index that the build does not ask is a warning", async () => {
  expect(await warningsOf(toml('core = { index = "cpu" }', { more: INDEX }))).toMatchInlineSnapshot(`
    "pyproject.toml:16:8: warning: uv takes "core" from the index cpu, which this build does not use [source.index]
      16 | core = { index = "cpu" }
         |        ^^^^^^^^^^^^^^^^^
      help: add it to indices: { url = "https://Index.example.org/cpu/" }"
  `);
  const target = 'indices = [{ url = "https://index.example.org/cpu" }]';
  expect(await warningsOf(toml('core = { index = "cpu" }', { more: INDEX, target }))).toBe("");
  expect(await warningsOf(toml("", { more: INDEX }))).toBe("");
  const everywhere = INDEX.replace("explicit = true", "");
  expect(await warningsOf(toml("", { more: everywhere }))).toContain("uv uses the index cpu, but this build does not");
});

test.each([
  ['[tool.uv]\nindex-url = "https://h/a"\n', "uv uses the index https://h/a"],
  ['[tool.uv]\nextra-index-url = ["https://u:p@h/a"]\n', "uv uses the index https://h/a"],
  ['[[tool.pdm.source]]\nname = "private"\nurl = "https://h/a"\n', "PDM uses the index private"],
  ['[[tool.poetry.source]]\nname = "private"\nurl = "https://h/a"\n', "Poetry uses the index private"],
])("%j names an index", async (more, says) => {
  const text = toml("", { more });
  expect(await warningsOf(text)).toContain(says);
  expect(await warningsOf(text.replaceAll(/https:\/\/(?:u:p@)?h\/a/g, "https://pypi.org/simple/"))).toBe("");
});

const POETRY = (dependencies: string, more = ""): string =>
  `[tool.poetry]\nname = "app"\n${more}[tool.poetry.dependencies]\npython = "^3.11"\n${dependencies}\n[build-system]\nrequires = ["poetry-core"]\n`;

test("Poetry's sources: of an index a warning, of a path below the project nothing, of another an error", async () => {
  const source = '[[tool.poetry.source]]\nname = "private"\nurl = "https://h/simple"\npriority = "explicit"\n';
  expect(await warningsOf(POETRY('core = { version = "^1", source = "private" }', source))).toContain(
    'Poetry takes "core" from the index private',
  );
  const files = { "libs/core/pyproject.toml": "" };
  expect(await warningsOf(POETRY('core = { path = "libs/core" }'), { files })).toContain("[project.dynamic]");
  expect(await errorsOf(POETRY('core = { path = "libs/core" }'))).toContain('"libs/core" is not in the build context');
  expect(await errorsOf(POETRY('core = { path = "../core", develop = true }'))).toContain(
    '"../core" is outside of the project',
  );
  expect(await warningsOf(POETRY('core = { path = "../core", optional = true }'))).toContain("[project.dynamic]");
});

test("Poetry's table beside [project] says where its dependencies come from", async () => {
  const text = (source: string): string =>
    `[project]\nname = "app"\ndependencies = ["core"]\n[tool.poetry.dependencies]\ncore = ${source}\n[build-system]\n`;
  expect(await installed(text('{ git = "https://h/core.git", tag = "v1", python = ">=3.11" }'))).toEqual([
    'core @ git+https://h/core.git@v1 ; python_full_version >= "3.11"',
    'core; python_full_version < "3.11"',
  ]);
  expect(await errorsOf(text('{ path = "../core" }'))).toContain('"core" is in "../core"');
});

test("sources that the backend does not know are refused when it alone knows the dependencies", async () => {
  const text = (source: string): string =>
    `[project]\nname = "app"\ndynamic = ["dependencies"]\n[dependency-groups]\ndev = ["devtool"]\n[build-system]\nrequires = []\n[tool.uv.sources]\n${source}\n`;
  expect(await errorsOf(text('core = { path = "../core" }'))).toContain("[source.unsupported]");
  expect(await errorsOf(text('core = { git = "https://h/x" }'))).toContain("[source.unsupported]");
  expect(await warningsOf(text('devtool = { path = "../x" }'))).not.toContain("source");
  expect(await warningsOf(text('core = { path = "../core", extra = "x" }'))).not.toContain("source");
});

test("a source of what builds the project is an error, unless it is not built", async () => {
  const sources = 'hatchling = { path = "../hatchling" }';
  expect(await errorsOf(toml(sources))).toContain('"hatchling" is needed to build the project');
  expect(await installed(toml(sources, { target: 'install = "source"' }))).toEqual(["core"]);
});

test("locks that are not read, and settings that only a lock knows, are warnings unless they are not to count", async () => {
  const settings = "[tool.uv]\nconstraint-dependencies = []\noverride-dependencies = []\n";
  const found = await warningsOf(toml("", { more: settings }), { files: { "poetry.lock": "" } });
  expect(found).toMatchInlineSnapshot(`
    "3 warnings:

    pyproject.toml:3:1: warning: microb does not read poetry.lock: the versions in it are not used [lock.unread]
      3 | dependencies = ["core"]
        | ^^^^^^^^^^^^
      help: export it (poetry export -o requirements.txt) and name the result with the requirements key, or set lock = false to build without it

    pyproject.toml:11:1: warning: constraint-dependencies of uv has no effect without a uv.lock [lock.setting]
      11 | constraint-dependencies = []
         | ^^^^^^^^^^^^^^^^^^^^^^^
      help: run uv lock, or set lock = false to build without it

    pyproject.toml:12:1: warning: override-dependencies of uv has no effect without a uv.lock [lock.setting]
      12 | override-dependencies = []
         | ^^^^^^^^^^^^^^^^^^^^^
      help: run uv lock, or set lock = false to build without it"
  `);
  expect(await warningsOf(toml("", { more: settings, target: "lock = false" }), { files: { "poetry.lock": "" } })).toBe(
    "",
  );
  expect(
    await errorsOf(toml("", { target: 'lock = "poetry.lock"' }), { files: { "poetry.lock": "" } }),
  ).toMatchInlineSnapshot(`
    "pyproject.toml:14:8: error: microb does not read poetry.lock: it reads uv.lock, pylock.toml and pdm.lock [lock.unsupported]
      14 | lock = "poetry.lock"
         |        ^^^^^^^^^^^^^
      help: export it (poetry export -o requirements.txt) and name the result with the requirements key"
  `);
});

test.each([
  "no-build = true",
  'no-binary-package = ["a"]',
  "extra-build-dependencies = { a = [] }",
  'find-links = ["x"]',
])("without a lock %s does not count, and a warning says so", async (line) => {
  const [key] = line.split(" ");
  expect(await warningsOf(toml("", { more: `[tool.uv]\n${line}\n` }))).toContain(
    `${key} of uv has no effect without a uv.lock`,
  );
  expect(await warningsOf(toml("", { more: "[tool.uv]\nno-build = false\npackage = true\n" }))).toBe("");
});

test("the sources of the root of a workspace count for its members", async () => {
  const location = { directory: "packages/api", buildFile: "pyproject.toml" };
  const root =
    '[tool.uv.workspace]\nmembers = ["packages/*"]\n[tool.uv.sources]\nCore = { workspace = true }\ntorch = { index = "cpu" }\n';
  const files = { "pyproject.toml": root };
  expect(await errorsOf(toml(""), { files, location })).toMatchInlineSnapshot(`
    "pyproject.toml:3:1: error: "core" has a source in pyproject.toml, and without a lock it would come from the package index [source.unsupported]
      3 | dependencies = ["core"]
        | ^^^^^^^^^^^^
      help: run uv lock: with a uv.lock next to the build file, microb uses the same sources as uv. The uv.lock of a workspace may be in a directory above"
  `);
  for (const other of [
    root.replace("workspace]", "other]"),
    root.replace("Core", "other"),
    "[tool.uv",
    `x${root}`,
    root.replace("packages/*", "*"),
    root.replace("members", 'exclude = ["packages/a*"]\nmembers'),
  ])
    expect(await installed(toml(""), { files: { "pyproject.toml": other }, location })).toEqual(["core"]);
  for (const members of ["./packages/api/", "**", "pack*/a?i"])
    expect(
      await errorsOf(toml(""), { files: { "pyproject.toml": root.replace("packages/*", members) }, location }),
    ).toContain("[source.unsupported]");
  expect(await installed(toml('core = { git = "https://h/c" }'), { files, location })).toEqual([
    "core @ git+https://h/c",
  ]);
  expect(await installed(toml("", { dependencies: '"torch"' }), { files, location })).toEqual(["torch"]);
  const explicit = `${root}[[tool.uv.index]]\nname = "cpu"\nurl = "https://i/cpu"\nexplicit = true\n`;
  const told = await warningsOf(toml("", { dependencies: '"torch"' }), {
    files: { "pyproject.toml": explicit },
    location,
  });
  expect(told).toMatchInlineSnapshot(`
    "pyproject.toml:3:1: warning: uv takes "torch" from the index cpu, which this build does not use [source.index]
      3 | dependencies = ["torch"]
        | ^^^^^^^^^^^^
      help: add it to indices: { url = "https://i/cpu" }"
  `);
});
