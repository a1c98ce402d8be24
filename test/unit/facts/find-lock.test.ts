import { expect, test } from "vitest";
import { parseProject } from "../../../src/config/py-project.ts";
import { selectTarget } from "../../../src/config/target.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { findLock } from "../../../src/facts/find-lock.ts";
import { recordReader, renderError } from "../../support/planning.ts";

/** The root of a workspace and two members. */
const MEMBERS = `version = 1
[[package]]
name = "root"
source = { virtual = "." }
[[package]]
name = "api"
source = { editable = "services/api" }
[[package]]
name = "other"
source = { directory = "./api/" }
`;

type Question = Readonly<{ target?: string; name?: string; project?: string; directory?: string }>;

async function find(files: readonly string[], question: Question = {}) {
  const { target = "", name = "default", project = "", directory = "" } = question;
  const text = `[project]\nname = "app"\n${project}\n[tool.microb.target.${name}]\n${target}\n`;
  const parsed = parseProject(sourceText("pyproject.toml", text));
  const lock = await findLock(recordReader(Object.fromEntries(files.map((path) => [path, MEMBERS]))), {
    project: parsed,
    target: selectTarget(parsed),
    location: { directory, buildFile: "pyproject.toml" },
  });
  return lock && `${lock.source.filename}: ${lock.reason}`;
}

const ALL = ["uv.lock", "pylock.toml", "pdm.lock"];

test("without a lock there is none", async () => {
  expect(await find(["poetry.lock", "requirements.txt"])).toBeUndefined();
});

test.each(ALL)("%s next to the build file is found", async (name) => {
  expect(await find([name])).toBe(`${name}: next to pyproject.toml`);
  expect(await find([`app/${name}`], { directory: "app" })).toBe(`app/${name}: next to pyproject.toml`);
});

test("a lock that is called after the target comes first", async () => {
  const files = [...ALL, "pylock.worker.toml", "pylock.web.toml"];
  expect(await find(files, { name: "worker" })).toBe("pylock.worker.toml: named after the target worker");
});

test("of several the one of the tool that the build file is for", async () => {
  const found = (tool: string) => find(ALL, { project: `[tool.${tool}]\n` });
  expect(await found("uv")).toBe("uv.lock: the build file has a table of its tool");
  expect(await found("pdm")).toBe("pdm.lock: the build file has a table of its tool");
  expect(await renderError(() => find(ALL))).toContain("there are several locks: uv.lock, pylock.toml, pdm.lock");
  expect(await renderError(() => find(ALL, { project: "[tool.uv]\n[tool.pdm]\n" }))).toContain("[lock.ambiguous]");
});

test("the lock of a workspace is above its members, the nearest first", async () => {
  const directory = "services/api";
  expect(await find(["uv.lock", "services/uv.lock"], { directory })).toBe("services/uv.lock: above pyproject.toml");
  expect(await find(["uv.lock"], { directory })).toBe("uv.lock: above pyproject.toml");
  expect(await find(["pylock.toml", "pdm.lock"], { directory })).toBeUndefined();
  // It is nobody's who is no member.
  expect(await find(["uv.lock"], { directory: "services/worker" })).toBeUndefined();
  expect(await find(["services/uv.lock"], { directory: "services/api/v2" })).toBeUndefined();
});

test("the one that is named counts, wherever it is, and none if that is said", async () => {
  expect(await find([...ALL, "deploy/pylock.toml"], { target: 'lock = "./deploy/pylock.toml"' })).toBe(
    "deploy/pylock.toml: named by the target",
  );
  expect(await find(ALL, { target: "lock = false" })).toBeUndefined();
  expect(await find(ALL, { target: 'requirements = "requirements.txt"' })).toBeUndefined();
});

test("one that is named and not there is an error", async () => {
  expect(await renderError(() => find(ALL, { target: 'lock = "uv2.lock"' }))).toMatchInlineSnapshot(`
    "pyproject.toml:5:8: error: there is no file "uv2.lock" in the build context [context.file]
      5 | lock = "uv2.lock"
        |        ^^^^^^^^^^
      help: paths are relative to the root of the build context; check .dockerignore too"
  `);
});

test.each([
  ["# x\n", "the beginning", "1:1"],
  ['[project]\nname = "app"\n', "the table of the project", "1:2"],
  ['# x\n[tool.poetry]\nname = "app"\n', "the table of the project", "2:7"],
  ['[project]\nname = "app"\n[tool.microb.target.default]\n', "the table of the target", "3:21"],
])("several locks are told at a line of %j: %s", async (text, _, place) => {
  const project = parseProject(sourceText("pyproject.toml", text));
  const files = { "uv.lock": MEMBERS, "pdm.lock": MEMBERS };
  const rendered = await renderError(() =>
    findLock(recordReader(files), {
      project,
      target: selectTarget(project),
      location: { directory: "", buildFile: "x" },
    }),
  );
  expect(rendered).toContain(`pyproject.toml:${place}: error: there are several locks: uv.lock, pdm.lock`);
});
