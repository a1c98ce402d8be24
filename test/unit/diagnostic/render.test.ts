import { expect, test } from "vitest";
import { atSpan, atValue, type Diagnostic, type Place } from "../../../src/diagnostic/diagnostic.ts";
import { displayWidth } from "../../../src/diagnostic/display-width.ts";
import { locateDiagnostics, renderDiagnostics } from "../../../src/diagnostic/render.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { processorTime } from "../../support/processor-time.ts";

async function render(...diagnostics: readonly Diagnostic[]): Promise<string> {
  return renderDiagnostics(await locateDiagnostics(diagnostics), "error");
}

function at(text: string, line: number, column: number, length = 1): Diagnostic {
  const place = atSpan(sourceText("file.toml", text), { line, column, length });
  return { code: "config.value", message: "wrong", place };
}

test("a problem is told with its place, its line, a caret and what to do", async () => {
  expect(await render({ ...at("a = 1\nkey = [ 'x' ]\n", 2, 9, 3), help: "try y" })).toMatchInlineSnapshot(`
    "file.toml:2:9: error: wrong [config.value]
      2 | key = [ 'x' ]
        |         ^^^
      help: try y"
  `);
});

test("no message and no help shows a password that it quotes", async () => {
  const url = "https://ann:s3/cret@h/simple";
  const shown = await render({ code: "option.invalid", message: `no ${url}`, help: `leave out ${url}` });
  expect(shown).toContain("@h/simple");
  expect(shown).not.toMatch(/ann|cret/);
});

test("a problem without a place is one line", async () => {
  expect(await render({ code: "option.invalid", message: "option x" })).toBe("error: option x [option.invalid]");
});

test("several problems are counted, and those of a file stand in its order, file by file", async () => {
  const [one, other] = [sourceText("one.toml", "a = 1\nb = 2\n"), sourceText("other.txt", "x\ny\n")];
  const place = (line: number): Place => atSpan(other, { line, column: 1, length: 1 });
  const diagnostics: readonly Diagnostic[] = [
    { code: "config.value", message: "second", place: atValue(one, "b") },
    { code: "config.value", message: "fourth", place: place(2) },
    { code: "config.value", message: "first", place: atValue(one, "a") },
    { code: "config.value", message: "third", place: place(1) },
  ];
  const text = await render(...diagnostics);
  expect(text).toMatch(/^4 errors:\n\n/);
  expect(text.match(/(?<=error: )\w+/g)).toEqual(["first", "second", "third", "fourth"]);
});

test.each([
  ["plain", "ab = cd", 6, 2],
  ["tabs", "\t\tab = cd", 8, 2],
  ["wide characters before", '日本 = "x" # y', 6, 3],
  ["wide characters marked", 'x = "日本語" # y', 5, 5],
  ["an emoji", "😀😀 = cd", 8, 2],
  ["half an emoji marked", "a = 😀b", 5, 1],
  ["combining marks", "e\u0301e\u0301 = cd", 8, 2],
  ["control characters", "\u0001\u001b[31m = cd", 10, 2],
  ["invisible and turning characters", "\u200b\u202eab = cd", 8, 2],
  ["carriage returns", "a = b\r\nc = d", 5, 1],
  ["the end of a line", "a =", 4, 1],
])("the caret stands under the place: %s", async (_, text, column, length) => {
  const [, line = "", carets = ""] = (await render(at(text, 1, column, length))).split("\n");
  const start = carets.indexOf("^");
  // The columns that the carets cover, cut out of the line as a terminal shows it.
  let width = 0;
  const covered = [...line].filter((character) => {
    const before = width;
    width += displayWidth(character);
    return before >= start && before < carets.length;
  });
  const marked = text
    .split("\r\n", 1)
    .join("")
    .slice(column - 1, column - 1 + length);
  const expected = marked === "\ud83d" ? "😀" : marked;
  expect(covered.join("")).toBe(expected);
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("a long line is cut around the place", async () => {
  const text = `a = "${"x".repeat(5000)}", b, "${"y".repeat(5000)}"`;
  const [, line = "", carets = ""] = (await render(at(text, 1, 5009))).split("\n");
  expect(line).toMatch(/^ {2}1 \| …x+", b, "y+…$/);
  expect(line.length).toBeLessThan(120);
  expect(line.indexOf("b,")).toBe(carets.indexOf("^"));
});

test("what a user wrote cannot forge lines or move the cursor", async () => {
  const text = await render({ code: "config.value", message: 'unknown "a\nerror: b\u001b[2J\u202e"', help: "c\rd\ne" });
  expect(text).toMatchInlineSnapshot(`
    "error: unknown "a
        error: b�[2J�" [config.value]
      help: c�d
        e"
  `);
});

test("a message that quotes a megabyte is cut", async () => {
  const text = await render({ code: "config.value", message: "x".repeat(1 << 20), help: "y".repeat(1 << 20) });
  expect(text.length).toBeLessThan(2200);
});

test("a file that is wrong everywhere is answered with some of it, in time", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `key${index} = 1`);
  const source = sourceText("pyproject.toml", lines.join("\n"));
  const started = processorTime();
  const text = await render(
    ...lines.map(
      (_, index): Diagnostic => ({ code: "config.value", message: "bad", place: atValue(source, `key${index}`) }),
    ),
  );
  expect(processorTime() - started).toBeLessThan(5000);
  expect(text).toMatch(/^More than 50 errors:\n/);
  expect(text).toMatch(/\n\nerror: 19950 more are not shown \[diagnostic.limit\]$/);
});

test.each([
  ["", 0],
  ["abc", 3],
  ["日本", 4],
  ["ＡＢ", 4],
  ["한국", 4],
  ["e\u0301", 1],
  ["😀", 2],
  ["é", 1],
])("%j is as wide as a terminal draws it", (text, width) => {
  expect(displayWidth(text)).toBe(width);
});
