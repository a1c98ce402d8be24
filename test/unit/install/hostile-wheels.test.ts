import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeWheel, type WheelSpec } from "../../fixture/wheel.ts";
import { zip } from "../../fixture/zip.ts";
import { installWheels, PYTHON, SITE, scratch } from "../../support/install-wheels.ts";

// Wheels that lie. The lock's hash only says that they are the ones that were locked.

const FILE = "demo-1.0-py3-none-any.whl";
const INFO = "demo-1.0.dist-info";

/** What is wrong, the wheel that shows it, and what is said of it. */
type Case = readonly [title: string, spec: WheelSpec | Buffer, message: string | RegExp, filename?: string];

const script = (text: string): WheelSpec => ({ info: { "entry_points.txt": `[console_scripts]\n${text}\n` } });
const unusable = (line: string) => `has no usable script in line 2 of entry_points.txt: ${line}`;

const LONG_NAME = "has a Name of 16000 characters in its METADATA";

/** A wheel with a member of so many MB in its metadata directory, all spaces. */
const packed = (name: string, megabytes: number, info: WheelSpec["info"] = {}): WheelSpec => ({
  info,
  entries: [{ path: `${INFO}/${name}`, data: Buffer.alloc(megabytes << 20, " "), deflate: true }],
});

const CASES: readonly Case[] = [
  ["no archive", Buffer.from("<html>404</html>"), /^is not a wheel, or a broken one: File is not a zip file$/],
  ["nothing", Buffer.alloc(0), /^is not a wheel, or a broken one: File is not a zip file$/],
  ["a cut archive", makeWheel().subarray(0, 200), /^is not a wheel, or a broken one: /],
  ["an archive of nothing", zip({}), "holds no .dist-info directory"],
  ["an archive without metadata", zip({ "demo.py": "" }), "holds no .dist-info directory"],
  ["a name that is none", {}, "is not the name of a wheel", "demo.whl"],
  ["a name of too many parts", {}, "is not the name of a wheel", "demo-1.0-1-a-py3-none-any.whl"],
  ["another name inside", { name: "other" }, "holds other-1.0.dist-info, which is not what its name says"],
  ["another version inside", { version: "1.1" }, "holds demo-1.1.dist-info, which is not what its name says"],
  [
    "another name in METADATA",
    { info: { METADATA: "Name: other\nVersion: 1.0\n" } },
    "says in METADATA that it is other==1.0",
  ],
  [
    "another version in METADATA",
    { info: { METADATA: "Name: demo\nVersion: 2.0\n" } },
    "says in METADATA that it is demo==2.0",
  ],
  [
    "a name with a newline in METADATA",
    { info: { METADATA: "Name: demo\r\x1b[31m\nVersion: 1.0\n" } },
    "says in METADATA that it is 'demo\\r\\x1b[31m==1.0'",
  ],
  ["a METADATA without a name", { info: { METADATA: "Version: 1.0\n\nName: demo\n" } }, "has no Name in its METADATA"],
  ["no METADATA", { info: { METADATA: null } }, `has no ${INFO}/METADATA`],
  ["no WHEEL", { info: { WHEEL: null } }, `has no ${INFO}/WHEEL`],
  [
    "a wheel version to come",
    { info: { WHEEL: "Wheel-Version: 2.0\n" } },
    "has the wheel version 2.0; only 1 is known",
  ],
  ["no wheel version", { info: { WHEEL: "Generator: x\n" } }, "has no Wheel-Version in its WHEEL"],
  ["no RECORD", { info: { RECORD: null } }, `has no ${INFO}/RECORD`],
  [
    "two metadata directories",
    { files: { "demo-1.1.dist-info/METADATA": "" } },
    `holds ${INFO} and demo-1.1.dist-info`,
  ],
  [
    "a second metadata directory in capitals",
    { files: { "x-1.DIST-INFO/METADATA": "" } },
    `holds ${INFO} and x-1.DIST-INFO`,
  ],
  [
    "the data of another project",
    { files: { "other-1.0.data/data/x": "" } },
    "holds other-1.0.data, which is not what its name says",
  ],
  [
    "data of an unknown kind",
    { files: { "demo-1.0.data/etc/passwd": "" } },
    "holds demo-1.0.data/etc/passwd, which has no place",
  ],
  ["data of no kind", { files: { "demo-1.0.data/x": "" } }, "holds demo-1.0.data/x, which has no place"],

  ["a path upwards", { files: { "../evil.py": "" } }, "holds ../evil.py, which leads out of the environment"],
  ["a path up and down", { files: { "demo/../../evil.py": "" } }, /^holds demo\/\.\.\/\.\.\/evil.py, which leads out/],
  ["a script upwards", { files: { "demo-1.0.data/scripts/../../evil": "" } }, /which leads out of the environment$/],
  ["an absolute path", { files: { "/etc/passwd": "" } }, "holds the absolute path /etc/passwd"],
  ["an absolute script", { files: { "demo-1.0.data/scripts//bin/sh": "" } }, /^holds the path /],
  ["a Windows path", { files: { "..\\evil.py": "" } }, "holds the path '..\\\\evil.py'"],
  ["a path with a dot", { files: { "demo/./x.py": "" } }, "holds the path 'demo/./x.py'"],
  ["a path with a newline", { files: { "demo\n.py": "" } }, "holds the path 'demo\\n.py'"],
  ["a path with an escape", { files: { "\x1b[2J.py": "" } }, "holds the path '\\x1b[2J.py'"],
  ["a directory upwards", { unlisted: [{ path: "../", data: "", mode: 0o40755 }] }, /leads out of the environment$/],
  ["a symbolic link", { entries: [{ path: "l", data: "/etc", mode: 0o120777 }] }, "holds the symbolic link l"],
  ["a device", { entries: [{ path: "d", data: "", mode: 0o20666 }] }, /^holds d, which is neither a file nor/],
  ["a pipe", { entries: [{ path: "p", data: "", mode: 0o10666 }] }, /^holds p, which is neither a file nor/],
  ["a file that ends as a directory does", { unlisted: [{ path: "d/", data: "" }] }, /^holds d\/, which is neither/],
  ["a file twice", { unlisted: [{ path: "demo.py", data: "" }] }, "holds demo.py twice"],
  ["a file as a directory", { files: { a: "", "a/b": "" } }, "holds a as a file and as a directory"],
  [
    "one goal of two members",
    { files: { "x.py": "", "demo-1.0.data/purelib/x.py": "" } },
    "brings lib/python3/site-packages/x.py twice",
  ],
  ["an encrypted file", { entries: [{ path: "x", data: "", flags: 1 }] }, "holds x, which is encrypted"],
  [
    "the environment's interpreter",
    { files: { "demo-1.0.data/scripts/python3": "#!/bin/sh" } },
    "brings bin/python3, which belongs to the environment itself",
  ],
  [
    "the environment's settings",
    { files: { "demo-1.0.data/data/pyvenv.cfg": "" } },
    "brings pyvenv.cfg, which belongs to the environment itself",
  ],
  [
    "a name that no file can have",
    { files: { [`${"x".repeat(300)}.py`]: "" } },
    /^holds a name of more than 255 bytes: x+/,
  ],
  [
    "a path of 64 kB",
    { files: { [`${"a/".repeat(32_000)}x`]: "" } },
    /^holds a path of 64001 bytes, more than 1000: a/,
  ],
  ["a path of 200 directories", { files: { [`${"a/".repeat(200)}x`]: "" } }, /^holds a path of 201 directories, more/],
  ["a name of 16,000 dashes", { info: { METADATA: `Name: ${"-".repeat(16_000)}\nVersion: 1.0\n` } }, LONG_NAME],
  [
    "entry points of 100 MB",
    packed("entry_points.txt", 100),
    /^has a .*entry_points.txt of 104857600 bytes, more than/,
  ],
  ["a RECORD of 20 MB", packed("RECORD", 20, { RECORD: null }), /^has a .*RECORD of 20971520 bytes, more than/],
  ["a METADATA of 20 MB", packed("METADATA", 20, { METADATA: null }), /^has a .*METADATA of 20971520 bytes, more/],

  [
    "a bomb",
    { entries: [{ path: "bomb", data: Buffer.alloc(400 << 20), deflate: true }] },
    /^unpacks to \d+ times its size \(419 MB\)$/,
  ],
  [
    "a bomb that says it is none",
    { entries: [{ path: "bomb", data: Buffer.alloc(400 << 20), deflate: true, size: 10 }] },
    /^is not a wheel, or a broken one: Bad CRC-32/,
  ],
  [
    "less than it says",
    { entries: [{ path: "x", data: "abc", deflate: true, size: 1000 }] },
    "has 3 bytes of x instead of 1000",
  ],

  ["a script with a path", script("../evil = demo:main"), unusable("'../evil = demo:main'")],
  ["a script of the root", script("/bin/sh = demo:main"), unusable("'/bin/sh = demo:main'")],
  ["a script called ..", script(".. = demo:main"), unusable("'.. = demo:main'")],
  ["a script with a backslash", script("a\\b = demo:main"), unusable("'a\\\\b = demo:main'")],
  ["a script with an escape", script("\x1bx = demo:main"), unusable("'\\x1bx = demo:main'")],
  ["a script with a space", script("a b = demo:main"), unusable("'a b = demo:main'")],
  ["a script without a name", script("= demo:main"), unusable("'= demo:main'")],
  ["a script of nothing", script("x"), unusable("x")],
  ["a script without a function", script("x = demo"), unusable("'x = demo'")],
  ["a script that is a program", script("x = os:system('id')#:main"), unusable("\"x = os:system('id')#:main\"")],
  ["a script with a carriage return", script("x = demo:main\rimport os"), unusable("'x = demo:main\\rimport os'")],
  [
    "a script with a line separator",
    script("x = demo:main\u2028import os"),
    unusable("'x = demo:main\\u2028import os'"),
  ],
  ["a script in place of the interpreter", script("python = demo:main"), /^brings bin\/python, which belongs to the/],
];

/** What pip does not look at. A hash of the lock vouches for a wheel; for one that was built here only RECORD does. */
const RECORDS: readonly Case[] = [
  [
    "a file that RECORD does not list",
    { unlisted: [{ path: "x.py", data: "" }] },
    "holds x.py, which is not in RECORD",
  ],
  [
    "a file that only RECORD lists",
    { record: (lines) => [...lines, "x.py,sha256=x,1"] },
    "lists x.py in RECORD and does not hold it",
  ],
  [
    "a file without a hash",
    { record: (lines) => lines.map((line) => line.replace(/^demo.py.*/, "demo.py,,0")) },
    "has no hash of demo.py in RECORD",
  ],
  [
    "a weak hash",
    { record: (lines) => lines.map((line) => line.replace(/^demo.py.*/, "demo.py,md5=1B2M2Y8AsgTpgAmY7PhCfg,0")) },
    "vouches for demo.py by md5 in RECORD, not by sha256",
  ],
  [
    "another content",
    { record: (lines) => lines.map((line) => line.replace(/^demo.py,sha256=..../, "demo.py,sha256=AAAA")) },
    "holds another demo.py than RECORD says",
  ],
  [
    "another size",
    { record: (lines) => lines.map((line) => line.replace(/^(demo.py.*),0$/, "$1,7")) },
    "holds another demo.py than RECORD says",
  ],
  [
    "two hashes of one file",
    { record: (lines) => [...lines, "demo.py,sha256=AAAA,0"] },
    "lists demo.py twice in RECORD",
  ],
  [
    "a RECORD of other columns",
    { record: (lines) => [...lines, "only"] },
    "has a row in RECORD that is not path, hash, size: only",
  ],
  [
    "a RECORD that is no CSV",
    { record: (lines) => [...lines, `"\0",x,1`] },
    /^lists '.x00' in RECORD and does not hold it$|^is not a wheel, or a broken one: line contains NUL$/,
  ],
];

describe.skipIf(PYTHON === undefined)("a wheel with", () => {
  test.each(CASES.map((one) => ({ one, title: one[0] })))("$title", ({ one: [, spec, message, filename = FILE] }) => {
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

  test.each(RECORDS.map((one) => ({ one, title: one[0] })))("$title", ({ one: [, spec, message] }) => {
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
          expect(stderr).toMatch(/^microb: demo-1\.0-py3-none-any\.whl: [^\n]*\n$/);
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
