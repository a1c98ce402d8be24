import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_BUILD_FILE_SIZE, parseToml, type TomlTable } from "../../../src/config/parse-toml.ts";
import type { SourceText } from "../../../src/diagnostic/source-text.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { renderError } from "../../support/planning.ts";

const source = (text: string): SourceText => sourceText("pyproject.toml", text);
const parse = (original: SourceText): TomlTable => parseToml(original, original);

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
  ["a line break in a table", "a = {b = 1,\n c = 2}\n", "1:12"],
  ["after wide characters", 'x = "日本" y', "1:10 y"],
  ["after an emoji", 'x = "😀" y', "1:10 y"],
  ["after a byte order mark", "\uFEFFx = ?", "1:5 ?"],
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
  const started = performance.now();
  const rendered = await renderError(() => parse(source(text)));
  expect(performance.now() - started).toBeLessThan(1000);
  expect(rendered).toMatchInlineSnapshot(`
    "pyproject.toml:1:1: error: the build file has 5242883 bytes; microb reads at most 1048576 [toml.size]
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
