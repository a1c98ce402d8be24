import { expect, test } from "vitest";
import { atSpan, type Place } from "../../../src/diagnostic/diagnostic.ts";
import { locateDiagnostics, renderDiagnostics } from "../../../src/diagnostic/render.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import type { ProjectLocation } from "../../../src/facts/project-location.ts";
import { type RequirementsReading, readRequirements } from "../../../src/facts/requirements-file.ts";
import { BYTES, ROOT, recordReader, renderError } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";

const PLACE: Place = atSpan(sourceText("pyproject.toml", 'requirements = "r.txt"'), { line: 1, column: 16, length: 7 });

function read(files: Readonly<Record<string, string>>, path = "r.txt"): Promise<RequirementsReading> {
  return readIn(ROOT, files, path);
}

function readIn(
  location: ProjectLocation,
  files: Readonly<Record<string, string>>,
  path = "r.txt",
): Promise<RequirementsReading> {
  return readRequirements([path], {
    reader: recordReader(files),
    place: PLACE,
    location,
    isGiven: (one) => one.startsWith("/given/"),
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
  ["options", "-i https://x\n--extra-index-url=https://y\n--pre\n--no-binary :all:\n-f https://x/wheels\na\n", ["a"]],
  ["per-requirement options", "a --config-settings x=y\nb --global-option z\n", ["a", "b"]],
  [
    "places",
    "https://x/a.zip\ngit+ssh://g/b@v1\n/given/c\n/given/d-1.0-py3-none-any.whl\nfile:///given/e\n",
    ["https://x/a.zip", "git+ssh://g/b@v1", "/given/c", "/given/d-1.0-py3-none-any.whl", "file:///given/e"],
  ],
  [
    "editables",
    "-e git+https://g/a#egg=a\n--editable=/given/lib\n-e  file:///given/other\n",
    ["git+https://g/a#egg=a", "/given/lib", "file:///given/other"],
  ],
  ["includes from elsewhere", "-r https://x/r.txt\na\n", ["a"]],
  ["nothing", "", []],
])("%s", async (_, text, requirements) => {
  expect(await fine(text)).toEqual({
    paths: ["r.txt"],
    namesProject: false,
    requirements,
    hasHashes: text.includes("--hash="),
    directory: "",
    locals: [],
    encodings: text.startsWith("\uFEFF") ? [["r.txt", "utf-8-sig"]] : [],
    warnings: text.includes("-r https") ? [expect.objectContaining({ code: "requirement.remote" })] : [],
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

test.each([
  ["-e .[dev]", ["dev"]],
  [".[dev,web] ; python_version > '3'", ["dev", "web"]],
  ["app[Dev] @ file:.", ["Dev"]],
  ["-e file:.#egg=app[dev]", ["dev"]],
  [". ; 'x' in extra[0]", []],
  ["-e .[a]\n-e .[b, a]", ["a", "b"]],
])("%j asks for extras of the project", async (lines, extras) => {
  expect(await fine(`six\n${lines}\n`)).toMatchObject({
    project: { extras, place: { span: { line: 2, column: 1 } } },
    requirements: ["six"],
  });
});

test("a constraint asks for nothing of the project", async () => {
  const { files } = await read({ "r.txt": "-c c.txt\n", "c.txt": "-e .[dev]\n. ; 'a' == 'a'\n" });
  expect(files).not.toHaveProperty("project");
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
  const started = processorTime();
  expect((await fine(lines.join(""))).requirements).toHaveLength(10_000);
  expect(processorTime() - started).toBeLessThan(5000);
});

const WITH_LIBS = {
  "packages/core/pyproject.toml": "",
  "svc/libs/own/pyproject.toml": "",
  "wheels/six-1-py3-none-any.whl": "",
  "svc/links/x.whl": "",
  "my libs/a/setup.py": "",
};

test.each<[string, Readonly<Record<string, unknown>>]>([
  [
    "../packages/core",
    { kind: "directory", path: "packages/core", requirement: "../packages/core", isEditable: false },
  ],
  ["-e ../packages/core", { path: "packages/core", isEditable: true }],
  ["--editable=file:../packages/core", { path: "packages/core", isEditable: true }],
  ["libs/own", { path: "svc/libs/own" }],
  [
    "./libs/own[web, x] ; python_version < '4'",
    { path: "svc/libs/own", requirement: "./libs/own[web, x] ; python_version < '4'" },
  ],
  ["own[web] @ file:./libs/own ; os_name == 'posix'", { path: "svc/libs/own" }],
  ["own@file:libs/own", { path: "svc/libs/own" }],
  ["file:libs/own#egg=own", { path: "svc/libs/own" }],
  ['-e "../my libs/a"', { path: "my libs/a", requirement: "../my libs/a", isEditable: true }],
  ["../wheels/six-1-py3-none-any.whl --hash=sha256:00", { kind: "file", path: "wheels/six-1-py3-none-any.whl" }],
  ["--find-links links", { kind: "links", path: "svc/links" }],
  ["-f../wheels", { kind: "links", path: "wheels" }],
  ["-f file:../wheels", { kind: "links", path: "wheels" }],
  ["--find-links=deep", { kind: "links", path: "svc/deploy/deep" }],
  ["-e ../svc", { path: "svc", isProject: true }],
])("%j comes from the context, by paths that start at the project", async (line, local) => {
  const files = { ...WITH_LIBS, "svc/deploy/deep/y.whl": "", "svc/deploy/r.txt": `a\n${line}\n` };
  const { files: read, problems } = await readIn({ directory: "svc", buildFile: "p" }, files, "svc/deploy/r.txt");
  expect(problems).toEqual([]);
  expect(read.locals).toEqual([expect.objectContaining({ file: "svc/deploy/r.txt", span: [2, 2], ...local })]);
});

test.each([
  ["./missing", 'no file or directory "./missing"'],
  ["-e ./missing", 'no file or directory "./missing"'],
  ["x @ file:./missing", 'no file or directory "./missing"'],
  ["missing-1.0-py3-none-any.whl", "no file or directory"],
  ["--find-links missing", 'no file or directory "missing"'],
  ["../other", '"../other" is not a path'],
  ["/other", '"/other" is not a path'],
  ["x @ file:///other", '"/other" is not a path'],
  ["x @ file:///${PROJECT_ROOT}/packages/core", "is not a path"],
])("%j is told at its line", async (line, says) => {
  const { problems } = await read({ ...WITH_LIBS, "r.txt": `a\n${line}\n` });
  expect(problems).toMatchObject([
    { code: "requirement.local", message: expect.stringContaining(says), place: { span: { line: 2 } } },
  ]);
});

test("constraints name places too, and a line may have parts", async () => {
  const { files } = await read({
    ...WITH_LIBS,
    "r.txt": "-e \\\n  ./packages/core\n-c c.txt\n",
    "c.txt": "core @ file:packages/core\n",
  });
  expect(files.locals).toMatchObject([
    { path: "packages/core", span: [1, 2], isConstraint: false },
    { path: "packages/core", file: "c.txt", isConstraint: true },
  ]);
});

const utf16 = (text: string): string => `${BYTES}\xff\xfe${Buffer.from(text, "utf16le").toString("latin1")}`;

test.each([
  ["UTF-16", utf16("-e .\r\nflask==3.1.3\r\n"), "utf-16"],
  [
    "UTF-16, the other way round",
    `${BYTES}\xfe\xff${Buffer.from("-e .\nflask==3.1.3\n", "utf16le").swap16().toString("latin1")}`,
    "utf-16",
  ],
  ["a coding line", `${BYTES}# -*- coding: latin-1 -*-\n-e .\nflask==3.1.3 # \xe9\n`, "latin-1"],
  [
    "a coding line in the second line",
    `${BYTES}#!x\n# vim: set fileencoding=iso_8859_15 :\n-e .\nflask==3.1.3\n`,
    "iso_8859_15",
  ],
])("%s is read as pip reads it", async (_, text, encoding) => {
  const { files, problems } = await read({ "r.txt": text });
  expect(problems).toEqual([]);
  expect(files).toMatchObject({ namesProject: true, requirements: ["flask==3.1.3"], encodings: [["r.txt", encoding]] });
});

test.each([
  ["bytes that are no UTF-8", `${BYTES}flask # \xe9\n`, "is not valid utf-8"],
  ["an encoding that nobody knows", "# coding: klingon\nflask\n", "is not valid klingon"],
])("%s are told", async (_, text, says) => {
  const { problems } = await read({ "r.txt": text });
  expect(problems).toMatchObject([{ code: "requirement.invalid", message: expect.stringContaining(says) }]);
});

test.each([
  ["pylock.toml", "lock key"],
  ["deploy/pylock.app.toml", "lock key"],
  ["uv.lock", "lock key"],
  ["poetry.lock", "export it"],
])("%s is no requirements file", async (path, help) => {
  const { problems } = await read({ [path]: "[[packages]]\n" }, path);
  expect(problems).toMatchObject([
    { message: expect.stringContaining("is a lock"), help: expect.stringContaining(help) },
  ]);
});

test.each<[string, readonly string[]]>([
  ["--extra-index-url https://user:tok3n@h/simple", ["requirement.credentials"]],
  ["x @ git+https://user:tok3n@h/x", ["requirement.credentials"]],
  ["--index-url https://${USER_X}:${TOKEN_X}@h/simple", ["substitution.unset", "substitution.unset"]],
  ["--index-url https://${HOME}:${HOME}@h/simple", []],
  ["--index-url https://user:${TOKEN_X}@h/simple", ["substitution.unset", "requirement.credentials"]],
  ["--index-url https://h/${lower}/$UPPER", []],
  ["--index-url https://user@h/simple", []],
])("%s: %j", async (line, codes) => {
  const { files } = await read({ "r.txt": `${line}\na\n` });
  expect(files.warnings.map(({ code }) => code)).toEqual(codes);
  expect(await renderDiagnostics(await locateDiagnostics(files.warnings), "warning")).not.toContain("tok3n");
});
