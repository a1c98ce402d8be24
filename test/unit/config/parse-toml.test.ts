import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_BUILD_FILE_SIZE, type ParsedToml, parseToml, type TomlTable } from "../../../src/config/parse-toml.ts";
import type { SourceText } from "../../../src/diagnostic/source-text.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { renderError } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";

const source = (text: string): SourceText => sourceText("pyproject.toml", text);
const read = (original: SourceText): ParsedToml => parseToml(original, original);
const parse = (original: SourceText): TomlTable => read(original).table;

/** `line:column` of a syntax error, and what it points at. */
async function stumble(text: string): Promise<string> {
  const [headline = ""] = (await renderError(() => parse(source(text)))).split("\n");
  expect(headline).toMatch(/^pyproject\.toml:\d+:\d+: error: invalid TOML: .* \[toml\.syntax\]$/);
  const [, line = "", column = ""] = headline.split(":");
  const character = source(text).text.split(/\r\n|\n/)[Number(line) - 1]?.[Number(column) - 1] ?? "";
  return `${line}:${column} ${character}`.trimEnd();
}

test.each([
  ["no value", "[project]\nname = \n", "2:8"],
  ["a header that is not closed", '[project\nname = "x"\n', "1:9"],
  ["a string that is not closed", '[project]\nname = "x\n', "2:10"],
  ["a long string that is not closed", 'a = 1\nb = """x\n', "3:1"],
  ["a key that is there twice", '[project]\nname = "x"\nname = "y"\n', "3:1 n"],
  ["a key that is there twice with a long value", 'a = 1\na = """\nx\n"""\n', "2:1 a"],
  ["a table that is there twice", "[a]\n[b]\n[a]\n", "3:2 a"],
  ["a dotted key over a value", "a = 1\na.b = 2\n", "2:1 a"],
  ["two values on the first line", "x = 1 2", "1:7 2"],
  ["two values on another line", "\nx = 1 2", "2:7 2"],
  ["two keys", "foo bar = 1", "1:5 b"],
  ["a colon", "\nname: foo", "2:5 :"],
  ["a bare word", "x = yes", "1:5 y"],
  ["an unknown escape", 'x = 1\nname = "x\\q"\n', "2:11 q"],
  ["a day that is none", "x = 2020-13-45\n", "1:14 5"],
  ["an hour that is none", "x = 2020-01-01T25:00:00Z", "1:23 0"],
  ["an array that goes on", "a = [1,\n2\nfoo = 3", "3:1 f"],
  ["after a line break in a table", "a = {b = 1,\n c = 2}\nd = ?\n", "3:5 ?"],
  ["in a table of many lines", "a = {\n b = ?,\n}\n", "2:6 ?"],
  ["after wide characters", 'x = "日本" y', "1:10 y"],
  ["after an emoji", 'x = "😀" y', "1:10 y"],
  ["with carriage returns", "a = 1\r\nb = ?\r\n", "2:5 ?"],
  ["after tabs", "\t\tx = ?", "1:7 ?"],
])("a syntax error points at it: %s", async (_, text, expected) => {
  expect(await stumble(text)).toBe(expected);
});

test("a character that cannot be is shown as such", async () => {
  expect(await renderError(() => parse(source("😀 = 1")))).toMatchInlineSnapshot(`
    "pyproject.toml:1:1: error: invalid TOML: unexpected "😀" [toml.syntax]
      1 | 😀 = 1
        | ^^"
  `);
  expect(await renderError(() => parse(source('a = "x\0"')))).toMatchInlineSnapshot(`
    "pyproject.toml:1:7: error: invalid TOML: control characters (codes < 0x1f and 0x7f) are not allowed in strings, use \\u0000 instead [toml.syntax]
      1 | a = "x�"
        |       ^"
  `);
});

test("a template is recognized", async () => {
  const text =
    '[project]\nname = "{{ cookiecutter.name }}"\n{% if cookiecutter.cli %}\n[project.scripts]\n{% endif %}\n';
  expect(await renderError(() => parse(source(text)))).toMatchInlineSnapshot(`
    "pyproject.toml:3:1: error: invalid TOML: unexpected "{" [toml.syntax]
      3 | {% if cookiecutter.cli %}
        | ^
      help: {{ cookiecutter.name }} looks like a template: render it (cookiecutter, copier, jinja) and build the result"
  `);
});

test("a file of five megabytes is refused at once, and does not travel with its error", async () => {
  const text = `# ${"x".repeat(5 << 20)}\n`;
  const started = processorTime();
  const rendered = await renderError(() => parse(source(text)));
  expect(processorTime() - started).toBeLessThan(1000);
  expect(rendered).toMatchInlineSnapshot(`
    "pyproject.toml:1:1: error: the build file has 5242883 bytes; microb reads at most 393216 [toml.size]
      1 | # xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
        | ^
      help: move data out of pyproject.toml, or name the right file with -f"
  `);
  try {
    parse(source(text));
  } catch (error) {
    expect(JSON.stringify((error as UserError).diagnostics).length).toBeLessThan(2000);
  }
});

test.each([
  ["a comma at the end of a table", 'a = 1\nb = { c = "d", }\n', { a: 1, b: { c: "d" } }, 2],
  ["line breaks and comments in a table", "# x\nb = {\n  # y\n  c = 1,\n}\n", { b: { c: 1 } }, 2],
  ["line breaks of Windows", "b = {\r\n  c = 1,\r\n}\r\n", { b: { c: 1 } }, 1],
  ["an escape", 'b = "\\x41\\e"\n', { b: "A\u001b" }, 1],
  ["a number that no double holds", "a = 9007199254740993\nb = { c = 1, }\n", { a: 9007199254740993n, b: { c: 1 } }, 2],
  ["names that objects inherit", "constructor = { toString = 1, }\n", { constructor: { toString: 1 } }, 1],
])("TOML 1.1 is read, and said to be: %s", (_, text, expected, line) => {
  const { table, newerThan10 } = read(source(text));
  expect(table).toEqual(expected);
  expect(newerThan10).toMatchObject({ kind: "span", span: { line } });
  expect(Reflect.ownKeys(Object)).not.toContain("toString");
});

test("TOML 1.0 is not said to be newer", () => {
  const text = 'a = [1, "x", { b = 2 }] # c\nd."e f" = 1979-05-27T07:32:00.9Z\n[[g.h]]\ni = """\\\n  j"""\n';
  expect(read(source(text)).newerThan10).toBeUndefined();
});

test("__proto__ is a name like others in TOML 1.1", () => {
  const table = parse(source("x = { __proto__ = { a = 1 }, }\n"));
  expect(Object.keys(table["x"] as object)).toEqual(["__proto__"]);
  expect((table["x"] as { a?: number }).a).toBeUndefined();
});

test("a text in another encoding is told how to save it", async () => {
  const raw = (text: string): SourceText => ({ filename: "pyproject.toml", text });
  expect(await renderError(() => parse(raw('\uFEFF[project]\r\nname = "x"\r\n')))).toMatchInlineSnapshot(`
    "pyproject.toml:1:1: error: this is UTF-8 with a byte order mark, which the tools that build the project refuse [toml.syntax]
      1 | �[project]
        | ^
      help: save pyproject.toml without it: sed -i '1s/^\\xef\\xbb\\xbf//' pyproject.toml"
  `);
  const utf16 = Buffer.from("\uFEFF[project]\n", "utf16le").toString("utf8");
  expect(await renderError(() => parse(raw(utf16)))).toMatch("error: this is text in UTF-16, but TOML must be UTF-8");
});

test.each([
  ["app.py", "import sys\nprint(sys.argv)\n", "a Python script"],
  ["app.py", "# nothing", "a Python script"],
  ["serve", "#!/usr/bin/env python3\nmain()\n", "a Python script"],
  ["serve", "from flask import Flask\n\napp = Flask(__name__)\n", "a Python script"],
  ["serve", '"""About."""\n\n\ndef main() -> None:\n    pass\n', "a Python script"],
  ["Dockerfile", "# syntax=docker/dockerfile:1\nFROM python:3.13\nRUN pip\n", "a Dockerfile"],
  ["package.json", '{"a": 1}', "JSON"],
  ["config", '{\n  "name": "x"\n}\n', "JSON"],
  ["compose.yaml", "services: {}\n", "YAML"],
  ["requirements.txt", "flask\n", "a requirements file"],
  ["lock", "flask==3.0.0\nsix >= 1\n", "a requirements file"],
  ["setup.cfg", "[metadata]\nname = app\n", "an INI file"],
])("%s is told to be no build file: %j", async (filename, text, what) => {
  const rendered = await renderError(() => parse({ filename, text }));
  expect(rendered).toContain(`${filename}:1:1: error: this is ${what}, not a pyproject.toml [toml.syntax]`);
  expect(rendered).toContain("name it with -f");
});

test("a build file that is broken is not taken for something else", async () => {
  const text = '[project]\nname = "x\ndescription = """\nimport this\nFROM x\nname: y\n"""\n';
  expect(await stumble(text)).toBe("2:10");
});

test("lines may end as on Windows, also after comments", () => {
  const text = '# syntax=microb\r\n[a] # b\r\nc = """\r\nd\r\n""" # e\r\n';
  expect(parse(source(text))).toEqual({ a: { c: "d\n" } });
});

test("size is counted in bytes", () => {
  const comment = (length: number): string => `#${"é".repeat(length)}`;
  expect(parse(source(comment(MAX_BUILD_FILE_SIZE / 2 - 1)))).toEqual({});
  expect(() => parse(source(comment(MAX_BUILD_FILE_SIZE / 2)))).toThrow(UserError);
});

test.each([
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "__defineGetter__",
])("[%s] does not reach into the runtime", async (name) => {
  const inherited = Object.prototype[name as "toString"];
  const before = Reflect.ownKeys(inherited);
  const texts = [`a = 1\n[x.${name}]\nfoo = 1\n`, `a = 1\nx = { ${name}.foo = 1 }\n`, `a = 1\n${name}.foo.bar = 1\n`];
  for (const text of texts) {
    expect(await renderError(() => parse(source(text)))).toMatch(
      new RegExp(`^pyproject.toml:2:\\d+: error: "${name}" cannot be used as a name \\[config.value\\]\\n.*${name}`),
    );
    expect(Reflect.ownKeys(inherited)).toEqual(before);
  }
  expect(parse(source(`${name} = 1\n[a.${name}.b]\nc = 2\n`))).toEqual({
    [name]: 1,
    a: { [name]: { b: { c: 2 } } },
  });
});

test("any text is parsed or refused with a place", async () => {
  const piece = fc.constantFrom(
    ...[
      "[",
      "]",
      "[[",
      "a",
      ".",
      "=",
      '"',
      "'",
      '"""',
      "{",
      "}",
      ",",
      "\n",
      " ",
      "1",
      "-",
      ":",
      "T",
      "#",
      "\\",
      "\r\n",
    ],
    ...["true", "1979-05-27", "07:32:00", "é", "😀", "\u0000", "__proto__", "constructor", "0x", "1e", "_", "+inf"],
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: piece, maxLength: 30 }), async (text) => {
      try {
        parse(source(text));
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect(await renderError(() => parse(source(text)))).toMatch(/^pyproject\.toml:\d+:\d+: error: /);
      }
    }),
    { numRuns: 5000 },
  );
});
