import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { raw, type ShellText, sh, shellLines, shellQuote } from "../../../src/util/sh.ts";
import { HOSTILE } from "../../support/hostile.ts";

/** The words that a real shell hands to a program. */
function wordsOf(text: string): readonly string[] {
  // A word cannot hold NUL, so NUL ends each of them. The script is on standard input: an argument has 128 KiB at most.
  const script = `set -- ${text}\nfor word; do printf '%s\\0' "$word"; done`;
  const output = execFileSync("/bin/sh", ["-s"], { input: script, maxBuffer: 1 << 26 });
  return output.toString().split("\0").slice(0, -1);
}

test.each(HOSTILE)("a shell reads %j as it was", (value) => {
  expect(wordsOf(shellQuote(value))).toEqual([value]);
});

test("any list of values is as many words, in one line or in several", () => {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom("'", '"', "\\", "$", "`", "\n", " ", "-", "*", "a", "é", "😀", "\u0001") }),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(...HOSTILE),
  );
  const values = fc.array(
    value.filter((text) => !text.includes("\0")),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(values, (words) => {
      expect(wordsOf(sh`${words}`)).toEqual(words);
      expect(wordsOf(shellLines(words))).toEqual(words);
    }),
    { numRuns: 150 },
  );
});

test("a megabyte is a word", () => {
  const value = `it's ${"x'$\\\n".repeat(200_000)}`;
  expect(value.length).toBeGreaterThan(1_000_000);
  expect(wordsOf(shellQuote(value))).toEqual([value]);
});

test("ordinary words stay readable", () => {
  expect(sh`pip install ${["flask", "a==1.0", "/path/x-y"]} --target ${"/opt"}`).toBe(
    "pip install flask a==1.0 /path/x-y --target /opt",
  );
});

test("shell text is quoted only once", () => {
  const inner: ShellText = sh`echo ${"it's"}`;
  expect(wordsOf(sh`${inner}`)).toEqual(["echo 'it'\\''s'"]);
  expect(sh`{ ${raw(inner)} || true; }`).toBe("{ echo 'it'\\''s' || true; }");
});

test("no words are no text", () => {
  expect(sh`pip install ${[]}`).toBe("pip install ");
});

test("a NUL byte is refused: no program could be given it", () => {
  expect(() => shellQuote("a\0b")).toThrow(RangeError);
  expect(() => sh`echo ${["a", "\0"]}`).toThrow(RangeError);
});

test("several words stand in a line each, with a backslash that joins them", () => {
  expect(shellLines(["a", "b c"])).toBe("\\\n        a \\\n        'b c'");
  expect(shellLines(["a"])).toBe("a");
});
