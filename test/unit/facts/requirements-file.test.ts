import { expect, test } from "vitest";
import { atSpan, type Place } from "../../../src/diagnostic/diagnostic.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { type RequirementsReading, readRequirements } from "../../../src/facts/requirements-file.ts";
import { ROOT, recordReader, renderError } from "../../support/planning.ts";

const PLACE: Place = atSpan(sourceText("pyproject.toml", 'requirements = "r.txt"'), { line: 1, column: 16, length: 7 });

function read(files: Readonly<Record<string, string>>, path = "r.txt"): Promise<RequirementsReading> {
  return readRequirements([path], {
    reader: recordReader(files),
    place: PLACE,
    location: ROOT,
    isGiven: () => false,
    variables: new Set(["HOME"]),
  });
}

/** What is read of a file that is fine. */
async function fine(text: string): Promise<RequirementsReading["files"]> {
  const { files, problems } = await read({ "r.txt": text });
  expect(problems).toEqual([]);
  return files;
}

test.each<[string, string, readonly string[]]>([
  [
    "names and specifiers",
    "flask\nrequests >= 2 ; python_version < '4'\n",
    ["flask", "requests >= 2 ; python_version < '4'"],
  ],
  [
    "comments",
    "# all\nflask # web\n  # indented\nb#c @ https://x/y#egg\n".replace("b#c", "b"),
    ["flask", "b @ https://x/y#egg"],
  ],
  ["hashes", "a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\nb==2 --hash=sha256:22\n", ["a==1", "b==2"]],
  ["a continuation at the end", "a==1 \\", ["a==1"]],
  ["a comment within a continuation", "a==1 \\\n# why\nb\n", ["a==1", "b"]],
  ["carriage returns and a mark", "\uFEFFa\r\nb\rc\n", ["a", "b", "c"]],
  ["options", "-i https://x\n--extra-index-url=https://y\n--pre\n--no-binary :all:\n-f wheels\na\n", ["a"]],
  ["per-requirement options", "a --config-settings x=y\nb --global-option z\n", ["a", "b"]],
  [
    "places",
    "https://x/a.zip\ngit+ssh://g/b@v1\n./c\nwheels/d-1.0-py3-none-any.whl\nfile:///e\n",
    ["https://x/a.zip", "git+ssh://g/b@v1", "./c", "wheels/d-1.0-py3-none-any.whl", "file:///e"],
  ],
  [
    "editables",
    "-e git+https://g/a#egg=a\n--editable=./lib\n-e  ./other\n",
    ["git+https://g/a#egg=a", "./lib", "./other"],
  ],
  ["includes from elsewhere", "-r https://x/r.txt\na\n", ["a"]],
  ["nothing", "", []],
])("%s", async (_, text, requirements) => {
  expect(await fine(text)).toEqual({
    paths: ["r.txt"],
    namesProject: false,
    requirements,
    hasHashes: text.includes("--hash="),
  });
});

test.each([
  "-e .",
  "-e file:.",
  "--editable .",
  "--editable=./",
  ".",
  "-e .[web]",
  "file:.",
  "  -e . # self",
])("%j names the project itself", async (line) => {
  expect(await fine(`${line}\nflask\n`)).toMatchObject({ namesProject: true, requirements: ["flask"] });
});

test("includes are read from where the file is, each once", async () => {
  const { files, problems } = await read(
    {
      "deploy/r.txt": "-r base.txt\n-c../limits.txt\n--requirement=sub/x.txt\n--constraint 'with blank.txt'\na\n",
      "deploy/base.txt": "-r r.txt\nb\n",
      "deploy/sub/x.txt": "-r ../base.txt\n-r ./y.txt\nc\n",
      "deploy/sub/y.txt": "d\n",
      "deploy/with blank.txt": "e\n",
      "limits.txt": "f<2\n",
    },
    "./deploy//r.txt",
  );
  expect(problems).toEqual([]);
  expect(files.paths).toEqual([
    "deploy/r.txt",
    "deploy/base.txt",
    "limits.txt",
    "deploy/sub/x.txt",
    "deploy/sub/y.txt",
    "deploy/with blank.txt",
  ]);
  expect(files.requirements).toEqual(["b", "f<2", "d", "c", "e", "a"]);
});

test("a file may have a name that starts with dots", async () => {
  const { files, problems } = await read({ "r.txt": "-r ..hidden.txt\n", "..hidden.txt": "a\n" });
  expect(problems).toEqual([]);
  expect(files.paths).toEqual(["r.txt", "..hidden.txt"]);
});

test("a missing file is told where it is asked for", async () => {
  const problems = async (files: Record<string, string>, path?: string): Promise<string> => {
    const reading = await read(files, path);
    return renderError(() => {
      throw new UserError(reading.problems);
    });
  };
  expect(await problems({})).toMatchInlineSnapshot(`
    "pyproject.toml:1:16: error: there is no file "r.txt" in the build context [context.file]
      1 | requirements = "r.txt"
        |                ^^^^^^^
      help: paths are relative to the root of the build context; check .dockerignore too"
  `);
  expect(await problems({ "r.txt": "a\n\t-r  b.txt # c\n" })).toMatchInlineSnapshot(`
    "r.txt:2:2: error: there is no file "b.txt" in the build context [context.file]
      2 |  -r  b.txt # c
        |  ^^^^^^^^^^^^^
      help: paths are relative to the root of the build context; check .dockerignore too"
  `);
  expect(await problems({ "r.txt": "-r ../b.txt\n-r /b.txt\n-r a\0b\n" })).toMatchInlineSnapshot(`
    "3 errors:

    r.txt:1:1: error: "../b.txt" leaves the build context [requirement.invalid]
      1 | -r ../b.txt
        | ^^^^^^^^^^^

    r.txt:2:1: error: "/b.txt" leaves the build context [requirement.invalid]
      2 | -r /b.txt
        | ^^^^^^^^^

    r.txt:3:1: error: "a�b" leaves the build context [requirement.invalid]
      3 | -r a�b
        | ^^^^^^"
  `);
});

test.each(["flask:2.0", "foo bar", "name: value", "a =1", "{'x'}", "a;b", "<html>"])("%j is refused", async (line) => {
  const { problems } = await read({ "r.txt": `a\n${line}\n` });
  expect(problems).toMatchObject([{ code: "requirement.invalid", place: { span: { line: 2, column: 1 } } }]);
});

test("a lock of a megabyte is read in time", async () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => `a${index}==1 \\\n    --hash=sha256:${"0".repeat(64)}\n`);
  const started = performance.now();
  expect((await fine(lines.join(""))).requirements).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
