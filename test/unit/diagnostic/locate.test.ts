import { expect, test } from "vitest";
import { atKey, atValue, type Place, type TomlPath } from "../../../src/diagnostic/diagnostic.ts";
import { locate } from "../../../src/diagnostic/locate.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { processorTime } from "../../support/processor-time.ts";

/** What a place points at: the text itself, so that a wrong column shows. */
function pointed(text: string, at: (source: ReturnType<typeof sourceText>) => Place): string | undefined {
  const source = sourceText("pyproject.toml", text);
  const span = locate(at(source));
  const line = source.text.split(/\r\n|\n/)[(span?.line ?? 1) - 1] ?? "";
  return span && `${span.line}: ${line.slice(span.column - 1, span.column - 1 + span.length)}`;
}

const TOML = `top = 1
[tool.microb.target.web]
flavor = "alpine"
env.A = "x"
"quoted key" . 'literal' = [ "a", { b = 'c', d.e = [1, 2] } ] # comment
long = """
first
second"""

[[tool.microb.list]]
name = "one"
[[tool.microb.list]]
name = "two"
inner = { x = { "y z" = true } }
[tool.microb.list.sub]
deep = 1
[ tool . "microb" . other ]
`;

const WEB: TomlPath = ["tool", "microb", "target", "web"];
const SECOND: TomlPath = ["tool", "microb", "list", 1];

test.each<[TomlPath, string, string]>([
  [["top"], "1: top", "1: 1"],
  [["tool"], "2: tool", "2: tool"],
  [["tool", "microb", "target"], "2: target", "2: target"],
  [WEB, "2: web", "2: web"],
  [[...WEB, "flavor"], "3: flavor", '3: "alpine"'],
  [[...WEB, "env"], "4: env", "4: env"],
  [[...WEB, "env", "A"], "4: A", '4: "x"'],
  [[...WEB, "quoted key"], '5: "quoted key"', '5: "quoted key"'],
  [[...WEB, "quoted key", "literal", 0], '5: "a"', '5: "a"'],
  [[...WEB, "quoted key", "literal", 1, "b"], "5: b", "5: 'c'"],
  [[...WEB, "quoted key", "literal", 1, "d", "e"], "5: e", "5: [1, 2]"],
  [[...WEB, "quoted key", "literal", 1, "d", "e", 1], "5: 2", "5: 2"],
  [[...WEB, "long"], "6: long", '6: "'],
  [["tool", "microb", "list", 0, "name"], "11: name", '11: "one"'],
  [[...SECOND], "12: list", "12: list"],
  [[...SECOND, "name"], "13: name", '13: "two"'],
  [[...SECOND, "inner", "x", "y z"], '14: "y z"', "14: true"],
  [[...SECOND, "sub"], "15: sub", "15: sub"],
  [[...SECOND, "sub", "deep"], "16: deep", "16: 1"],
  [["tool", "microb", "other"], "17: other", "17: other"],
])("%j", (path, key, value) => {
  expect(pointed(TOML, (source) => atKey(source, ...path))).toBe(key);
  expect(pointed(TOML, (source) => atValue(source, ...path))).toBe(value);
});

test("what is missing is shown at the nearest thing around it", () => {
  expect(pointed(TOML, (source) => atValue(source, ...WEB, "labels", "a"))).toBe("2: web");
  expect(pointed(TOML, (source) => atValue(source, ...WEB, "quoted key", "literal", 7))).toBe("5: 'literal'");
  expect(pointed(TOML, (source) => atValue(source, "tool", "other"))).toBe("2: tool");
  expect(pointed(TOML, (source) => atValue(source, "nothing"))).toBe("1: top = 1");
  expect(pointed("", (source) => atKey(source, "a"))).toBeUndefined();
});

test("lines and columns do not depend on line ends, marks or wide characters before them", () => {
  const text = '\uFEFF# 日本語 😀\r\n\t[a]\r\n\t"😀" = "x"\r\nb = "日本語😀", # c\r\n';
  const place = (source: ReturnType<typeof sourceText>): Place => atValue(source, "a", "😀");
  expect(pointed(text.replace(",", ""), place)).toBe('3: "x"');
  expect(pointed(text.replace(",", ""), (source) => atKey(source, "a", "😀"))).toBe('3: "😀"');
  expect(pointed(text.replace(",", ""), (source) => atValue(source, "a", "b"))).toBe('4: "日本語😀"');
});

test("names of JavaScript are names like others", () => {
  const text = "[a]\n__proto__ = 1\nconstructor = 2\n[toString]\nx = 3\n";
  expect(pointed(text, (source) => atValue(source, "a", "__proto__"))).toBe("2: 1");
  expect(pointed(text, (source) => atValue(source, "a", "constructor"))).toBe("3: 2");
  expect(pointed(text, (source) => atValue(source, "toString", "x"))).toBe("5: 3");
});

test("long texts and deep nesting do not take the places of others away", () => {
  const long = `a = "${"x".repeat(900_000)}"\n[b]\nc = ${"[".repeat(500)}${"]".repeat(500)}\nd = 1\n`;
  expect(pointed(long, (source) => atValue(source, "b", "d"))).toBe("4: 1");
  const deep = `a = ${"[".repeat(300_000)}${"]".repeat(300_000)}\nb = 1\n`;
  expect(() => pointed(deep, (source) => atValue(source, "b"))).not.toThrow();
});

test("many places of one file are found in time", () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `key${index} = [${index}, "${"x".repeat(50)}"]`);
  const source = sourceText("pyproject.toml", `[tool.x]\n${lines.join("\n")}\n`);
  const started = processorTime();
  for (const index of lines.keys()) {
    expect(locate(atValue(source, "tool", "x", `key${index}`, 1))?.line).toBe(index + 2);
  }
  expect(processorTime() - started).toBeLessThan(8000);
});

test("of two parsers that stumble, the one that stumbles first is right", () => {
  const source = sourceText("pyproject.toml", 'a = """x\ny"""\na = """z\nz"""\n');
  expect(locate({ kind: "syntax", source, span: { line: 4, column: 5, length: 1 } })).toEqual({
    line: 3,
    column: 1,
    length: 1,
  });
  expect(locate({ kind: "syntax", source, span: { line: 1, column: 2, length: 1 } })).toMatchObject({
    line: 1,
    column: 2,
  });
  expect(locate({ kind: "syntax", source })).toMatchObject({ line: 3 });
  const fine = sourceText("pyproject.toml", "a = 1\n");
  expect(locate({ kind: "syntax", source: fine })).toBeUndefined();
});

test("what is nowhere in a file is shown at its first line that says anything", () => {
  const at = (text: string) => locate(atKey(sourceText("p.toml", text), "project"));
  expect(at('\n \n  [tool.x] # y  \na = "b"\n')).toEqual({ line: 3, column: 3, length: 12 });
  expect(at("# only a comment")).toEqual({ line: 1, column: 1, length: 16 });
  expect(at(" \n\n")).toBeUndefined();
  expect(at("")).toBeUndefined();
});
