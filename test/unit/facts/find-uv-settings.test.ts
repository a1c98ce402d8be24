import { describe, expect, test } from "vitest";
import { errorsOf, planOf, warningsOf } from "../../support/planning.ts";

const PROJECT =
  '[project]\nname = "api"\nversion = "1"\ndependencies = ["six"]\n[build-system]\nrequires = ["hatchling"]\n';
const LOCK = `version = 1
[[package]]
name = "api"
source = { editable = "packages/api" }
dependencies = [{ name = "six" }]
[[package]]
name = "six"
version = "1.17.0"
`;
const WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*"]\n';
const location = { directory: "packages/api", buildFile: "pyproject.toml" };

/** The packages that uv must not build, as the lock is asked for them; undefined for none. */
async function noBuild(files: Readonly<Record<string, string>>, own = ""): Promise<unknown> {
  return (await planOf(PROJECT + own, { files, location })).plan.locked?.lock.noBuild;
}

describe("with the lock of a workspace", () => {
  const root = `${WORKSPACE}[tool.uv]\nno-build-package = ["of-root"]\n`;
  const member = '[tool.uv]\nno-build-package = ["of-member"]\n';

  test("the settings of its root count for a member, and those of the member do not", async () => {
    const files = { "uv.lock": LOCK, "pyproject.toml": root };
    expect(await noBuild(files)).toEqual(new Set(["of-root"]));
    expect(await noBuild(files, member)).toEqual(new Set(["of-root"]));
    expect(await noBuild({ ...files, "packages/api/uv.toml": "no-build = true" }, member)).toEqual(
      new Set(["of-root"]),
    );
  });

  test("uv.toml beside its root comes before what the root says", async () => {
    const files = { "uv.lock": LOCK, "pyproject.toml": root, "uv.toml": 'no-build-package = ["of-file"]\n' };
    expect(await noBuild(files, member)).toEqual(new Set(["of-file"]));
    expect(await noBuild({ ...files, "uv.toml": "" })).toBeUndefined();
  });

  test("a root that is no TOML is passed over: what the member says is all there is", async () => {
    expect(await noBuild({ "uv.lock": LOCK, "pyproject.toml": "[tool.uv" }, member)).toEqual(new Set(["of-member"]));
  });
});

describe("with a lock of its own", () => {
  const lock = LOCK.replace("packages/api", ".");

  test("the first of the settings counts, from the project upwards", async () => {
    const above = { "uv.toml": "no-build = true", "packages/pyproject.toml": "[tool.uv]\nno-build = true\n" };
    const files = { "packages/api/uv.lock": lock, ...above };
    expect(await noBuild(files)).toBe("all");
    expect(await noBuild({ ...files, "packages/pyproject.toml": "[tool.uv]\n" })).toBeUndefined();
    expect(await noBuild({ ...files, "packages/pyproject.toml": "[tool.other]\n" })).toBe("all");
    expect(await noBuild(files, "[tool.uv]\n")).toBeUndefined();
    const own = { ...files, "packages/api/uv.toml": 'no-build-package = ["x"]' };
    expect(await noBuild(own, "[tool.uv]\nno-build = true\n")).toEqual(new Set(["x"]));
  });

  test("a uv.toml that is no TOML is an error, as it is for uv", async () => {
    const files = { "packages/api/uv.lock": lock, "uv.toml": "no-build = tru\n" };
    expect(await errorsOf(PROJECT, { files, location })).toMatchInlineSnapshot(`
      "uv.toml:1:12: error: invalid TOML: invalid boolean, expected true or false [toml.syntax]
        1 | no-build = tru
          |            ^"
    `);
  });
});

test("without a lock what other files set is told in its place", async () => {
  const files = {
    "uv.toml": 'no-build = true\n[[index]]\nurl = "https://me:secret@i.example/simple"\n',
    "pyproject.toml": `${WORKSPACE}[tool.uv]\noverride-dependencies = ["a"]\nno-binary = true\n`,
  };
  expect(await warningsOf(PROJECT, { files, location })).toMatchInlineSnapshot(`
    "3 warnings:

    uv.toml:1:1: warning: no-build of uv has no effect without a uv.lock [lock.setting]
      1 | no-build = true
        | ^^^^^^^^
      help: run uv lock, or set lock = false to build without it (write keys of microb into [tool.microb.target.default])

    uv.toml:2:3: warning: uv uses the index https://i.example/simple, but this build does not [source.index]
      2 | [[index]]
        |   ^^^^^
      help: add it to indices: { url = "https://i.example/simple" }

    pyproject.toml:4:1: warning: override-dependencies of uv has no effect without a uv.lock [lock.setting]
      4 | override-dependencies = ["a"]
        | ^^^^^^^^^^^^^^^^^^^^^
      help: run uv lock, or set lock = false to build without it (write keys of microb into [tool.microb.target.default])"
  `);
});

test("of another project above indexes are told, and what it sets for itself is not", async () => {
  const above = '[tool.uv]\nexclude-newer = "2025-01-01"\n[[tool.uv.index]]\nurl = "https://i.example/simple"\n';
  const { warnings } = await planOf(PROJECT, { files: { "pyproject.toml": above }, location });
  expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(["source.index"]));
  expect(warnings.map(({ code }) => code)).not.toContain("lock.setting");
  const inFile = { "pyproject.toml": above, "uv.toml": 'exclude-newer = "2025-01-01"\n' };
  const told = await planOf(PROJECT, { files: inFile, location });
  expect(told.warnings.map(({ code }) => code)).toContain("lock.setting");
});

test.each([
  ['extra-build-variables = { A_b = { X = "1" } }', new Set(["a-b"])],
  ['config-settings-package = { a = { x = "1" } }', new Set(["a"])],
  ['config-settings = { x = "1" }', "all"],
  ['config-settings = { editable_mode = "compat" }', undefined],
])("packages that %s builds in another way are known", async (line, expected) => {
  const files = { "uv.lock": LOCK, "pyproject.toml": `${WORKSPACE}[tool.uv]\n${line}\n` };
  expect((await planOf(PROJECT, { files, location })).plan.locked?.lock.specialBuild).toEqual(expected);
});

test("other locks know nothing of uv's settings", async () => {
  const pylock = 'lock-version = "1.0"\n[[packages]]\nname = "six"\nversion = "1.17.0"\n';
  expect(await noBuild({ "packages/api/pylock.toml": pylock, "uv.toml": "no-build = true" })).toBeUndefined();
});
