import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseProject } from "../../../src/config/py-project.ts";
import { selectTarget } from "../../../src/config/target.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { type ContextFacts, collectFacts } from "../../../src/facts/collect-facts.ts";
import { localReader } from "../../../src/facts/local-reader.ts";
import { ROOT, recordReader, renderError } from "../../support/planning.ts";

function facts(files: Readonly<Record<string, string>>, keys = ""): Promise<ContextFacts> {
  const text = `[project]\nname = "x"\n[tool.microb.target.default]\n${keys}`;
  const project = parseProject(sourceText("pyproject.toml", text));
  return collectFacts(recordReader(files), { project, target: selectTarget(project), location: ROOT });
}

test("an empty context has nothing to tell", async () => {
  expect(await facts({})).toEqual({ location: ROOT, setupFiles: [] });
});

test("neighbours of the build file are noticed", async () => {
  expect(await facts({ ".python-version": "\uFEFF3.12\n", "setup.cfg": "" })).toEqual({
    location: ROOT,
    pythonVersionFile: { filename: ".python-version", text: "3.12\n" },
    setupFiles: [{ filename: "setup.cfg", text: "" }],
  });
  expect(await facts({ "setup.py": "x" })).toMatchObject({ setupFiles: [{ filename: "setup.py", text: "x" }] });
});

test("a requirements file is read only when the target asks for it", async () => {
  const files = { "requirements.txt": "a\n" };
  expect(await facts(files)).toEqual({
    location: ROOT,
    setupFiles: [],
    requirementsBeside: { path: "requirements.txt", missing: [] },
  });
  expect(await facts(files, 'requirements = "./requirements.txt"\n')).toEqual({
    location: ROOT,
    setupFiles: [],
    requirements: {
      paths: ["requirements.txt"],
      namesProject: false,
      requirements: ["a"],
      hasHashes: false,
      directory: "",
      locals: [],
      encodings: [],
      warnings: [],
    },
  });
});

test("locks that are not read are noticed where they would count", async () => {
  const files = { "poetry.lock": "", "Pipfile.lock": "", "a/pixi.lock": "" };
  expect(await facts(files)).toMatchObject({ unreadLocks: ["poetry.lock", "Pipfile.lock"] });
  for (const [more, lines] of [
    [{ "uv.lock": "" }, ""],
    [{ "r.txt": "" }, 'requirements = "r.txt"\n'],
    [{}, "lock = false\n"],
  ] as const)
    expect(await facts({ ...files, ...more }, lines)).not.toHaveProperty("unreadLocks");
});

test("a directory that is called like a file is none", async () => {
  const files = { "poetry.lock/x": "", "requirements.txt/x": "a\n", "setup.py/x": "", ".env/pyvenv.cfg": "" };
  expect(await facts(files)).toEqual({ location: ROOT, setupFiles: [] });
});

test("all that is wrong with the requirements is told at once", async () => {
  const rendered = await renderError(() => facts({ "r.txt": "a b\n-r c.txt\n" }, 'requirements = "r.txt"\n'));
  expect(rendered).toMatch(/^2 errors:/);
});

const directory = mkdtempSync(join(tmpdir(), "microb-facts-"));
afterAll(() => rmSync(directory, { recursive: true }));

test("a directory is a context: what is no file is not there", async () => {
  writeFileSync(join(directory, "a.txt"), "é\n");
  const reader = localReader(directory);
  expect(await reader.readText("a.txt")).toBe("é\n");
  for (const path of ["b.txt", "a.txt/b", ".", "", "x".repeat(5000)])
    expect([await reader.readText(path), await reader.readBytes(path)]).toEqual([undefined, undefined]);
  expect(await reader.readBytes("a.txt")).toEqual(Buffer.from([0xc3, 0xa9, 0x0a]));
  mkdirSync(join(directory, "setup.py"));
  symlinkSync("setup.py", join(directory, "to-directory"));
  symlinkSync("a.txt", join(directory, "to-file"));
  symlinkSync("nowhere", join(directory, "to-nowhere"));
  expect(await reader.find(["a.txt", ".", "b.txt", "setup.*", "to-*", "x/y", "setup.py/z"])).toEqual(
    new Map([
      [".", "directory"],
      ["a.txt", "file"],
      ["setup.py", "directory"],
      ["to-directory", "directory"],
      ["to-file", "file"],
    ]),
  );
});
