import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FILE, INFO, REFUSED, WRONG_RECORDS } from "../../fixture/hostile-wheels.ts";
import { makeWheel } from "../../fixture/wheel.ts";
import { installWheels, PYTHON, SITE, scratch } from "../../support/install-wheels.ts";

// Wheels that lie. The lock's hash only says that they are the ones that were locked.

describe.skipIf(PYTHON === undefined)("a wheel with", () => {
  test.each(REFUSED.map((one) => ({ one, title: one[0] })))("$title", ({ one: [, spec, message, filename = FILE] }) => {
    const bytes = Buffer.isBuffer(spec) ? spec : makeWheel(spec);
    const { code, stderr, out } = installWheels({ [filename]: bytes, "fine-1.0-py3-none-any.whl": FINE });
    expect(stderr).toMatch(/^microb: [^\n]*\n$/);
    const said = stderr.slice("microb: ".length, -1).replace(/python3\.\d+/, "python3");
    expect(said.startsWith(`${filename}: `)).toBe(true);
    const problem = said.slice(filename.length + 2);
    if (typeof message === "string") expect(problem).toBe(message);
    else expect(problem).toMatch(message);
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  });

  test.each(WRONG_RECORDS.map((one) => ({ one, title: one[0] })))("$title", ({ one: [, spec, message] }) => {
    const bytes = Buffer.isBuffer(spec) ? spec : makeWheel(spec);
    const check = (said: string | undefined): void => {
      if (typeof message === "string") expect(said).toBe(message);
      else expect(said).toMatch(message);
    };
    const locked = installWheels({ [FILE]: bytes });
    const prefix = `microb: warning: ${FILE}: `;
    if (locked.code === 0) {
      expect(locked.stderr.startsWith(prefix)).toBe(true);
      check(locked.stderr.split("\n")[0]?.slice(prefix.length));
      expect(locked.files.has(`${SITE}/demo.py`)).toBe(true);
    }
    const directory = join(scratch(), "built");
    mkdirSync(directory);
    writeFileSync(join(directory, FILE), bytes);
    const built = installWheels({}, { directories: [directory] });
    check(built.stderr.replace(/^microb: [^:]*: /, "").trimEnd());
    expect(built.code).toBe(1);
    expect(readdirSync(built.out)).toEqual([]);
  });

  test("a RECORD that is wrong throughout: the first errors are told, and what is written is right", () => {
    const wrong = (line: string): string => line.replace(/,sha256=.*/, ",sha256=AAAA,1");
    const spec = { files: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`m${index}.py`, ""])) };
    const bytes = makeWheel({ ...spec, record: (lines) => lines.map(wrong) });
    const { code, stderr, files } = installWheels({ [FILE]: bytes });
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe(`microb: warning: ${FILE}: has 6 more errors in RECORD`);
    expect(code).toBe(0);
    expect(files.get(`${SITE}/${INFO}/RECORD`)?.toString()).toContain(
      "m0.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0",
    );
  });

  test("any bytes changed is installed or refused, never half of each", () => {
    const bytes = makeWheel({ files: { "demo.py": "x = 1\n", "demo/data.txt": "data" } });
    const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = Buffer.from(bytes);
        for (const { at, to } of changes) changed[at] = to;
        const { code, stderr, out } = installWheels({ [FILE]: changed });
        if (code === 0) expect(stderr).toMatch(/^(microb: warning: .*\n)*$/);
        else {
          expect(stderr).toMatch(/^(microb: warning: .*\n)*microb: demo-1\.0-py3-none-any\.whl: [^\n]*\n$/);
          expect(readdirSync(out)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("problems of all wheels are said", () => {
    const { code, stderr, out } = installWheels({
      "one-1.0-py3-none-any.whl": makeWheel(),
      "two-1.0-py3-none-any.whl": Buffer.from(""),
      "fine-1.0-py3-none-any.whl": FINE,
    });
    expect(stderr).toBe(
      "microb: one-1.0-py3-none-any.whl: holds demo-1.0.dist-info, which is not what its name says\n" +
        "microb: two-1.0-py3-none-any.whl: is not a wheel, or a broken one: File is not a zip file\n",
    );
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  });
});

const FINE = makeWheel({ name: "fine", files: { "fine.py": "x = 1\n" } });
