import { describe, expect, test } from "vitest";
import { build, type Input } from "./fuzz/build.ts";
import { lockOf } from "./fuzz/locks.ts";
import { processorTime } from "./support/processor-time.ts";

// Small files that took minutes or gigabytes, and their sisters. What is long is as long as the file may be, or as what
// reads it goes on: time that grows with the square of the length shows.

const PROJECT = '[project]\nname = "app"\nversion = "1"\n';
const TARGET = "\n[tool.microb.target.default]\n";
const BUILT = `${PROJECT}[build-system]\nrequires = ["setuptools"]\n`;
const LOCKED = `${PROJECT}dependencies = ["b"]\n`;

/** A text in quotes, as TOML has it. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007F");

/** About as many characters of repeated text. */
const long = (text: string, length = 200_000): string => text.repeat(Math.ceil(length / text.length));

const requirement = (text: string): Input => ({ toml: `${PROJECT}dependencies = [${quoted(text)}]\n` });
const requirements = (text: string): Input => ({
  toml: `${PROJECT}${TARGET}requirements = "r.txt"\n`,
  files: { "r.txt": text },
});
const beside = (text: string): Input => ({ toml: LOCKED, files: { "requirements.txt": text } });
const uvLock = (more: Parameters<typeof lockOf>[1]): Input => ({
  toml: LOCKED,
  files: { "uv.lock": lockOf("uv.lock", more) },
});
const setup = (files: Readonly<Record<string, string>>): Input => ({
  toml: '[build-system]\nrequires = ["setuptools"]\n',
  files,
});
const ignored = (rules: string, readme = "README.md"): Input => ({
  toml: `${PROJECT}readme = ${quoted(readme)}\n[build-system]\nrequires = ["setuptools"]\n`,
  files: { ".dockerignore": rules, [readme]: "", "src/app/__init__.py": "" },
});

/** What somebody wrote, and what is said of it. */
type Row = readonly [name: string, input: () => Input, says: RegExp];

const BUILD_FILES: readonly Row[] = [
  [
    "marks of templates without end",
    () => ({ toml: long("{{", 250_000) }),
    /^pyproject\.toml:1:1: error: invalid TOML/,
  ],
  ["other marks of templates", () => ({ toml: `${PROJECT}# ${long("{% ")}\nx = [` }), /^pyproject\.toml:5:\d+: error/],
  ["deep arrays", () => ({ toml: `${PROJECT}x = ${"[".repeat(100_000)}` }), /^pyproject\.toml:4:\d+: error/],
  ["deep tables", () => ({ toml: `${PROJECT}x = ${"{a=".repeat(80_000)}` }), /^pyproject\.toml:4:\d+: error/],
  ["escaped quotes", () => ({ toml: `${PROJECT}x = ${long('\\"', 350_000)}` }), /^pyproject\.toml:4:\d+: error/],
  ["a dotted key", () => ({ toml: `${PROJECT}${"a.".repeat(100_000)}a = 1\n[tool` }), /^pyproject\.toml:5:\d+: error/],
  ["a line that may be Python", () => ({ toml: `def ${long("a")}\n` }), /^pyproject\.toml:1:\d+: error/],
  ["a check line", () => ({ toml: `# check=skip=all;x${long(" ")}y\n${PROJECT}` }), /^pyproject\.toml:1:1: error/],
  ["a check line with a value", () => ({ toml: `# check=error=1${long(" ")}1\n${PROJECT}` }), /error must be true/],
  [
    "a path of 64 kB",
    () => ({ toml: `${PROJECT}readme = ${quoted(long("a/", 64_000))}\n[build-system]\nrequires = ["setuptools"]\n` }),
    /^pyproject\.toml:4:\d+: warning: .* which is longer than 4095 bytes/m,
  ],
  ...["src", "dst"].map(
    (key): Row => [
      `${key} of 64 kB`,
      () => ({
        toml: `${PROJECT}${TARGET}copy_files = [{ src = "a", dst = "/a" }]\n`.replace(
          `${key} = "`,
          `${key} = "${long("/a", 64_000)}`,
        ),
      }),
      /^pyproject\.toml:6:\d+: error: .* must not be longer than 4095 bytes/m,
    ],
  ),
  [
    "slashes after a package",
    () => ({ toml: `${BUILT}[tool.setuptools.package-dir]\na = ${quoted(`${long("/")}a`)}\n` }),
    /warning/,
  ],
  [
    "clauses of requires-python",
    () => ({ toml: `${PROJECT}requires-python = ${quoted(long(">=3.1,"))}\n` }),
    /^pyproject\.toml:4:\d+: error: project\.requires-python has more than 100 clauses/,
  ],
  [
    "alternatives of Poetry's python",
    () => ({ toml: `[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = ${quoted(long("^3.1||"))}\n` }),
    /^pyproject\.toml:4:\d+: error: tool\.poetry\.dependencies\.python has more than 100 clauses/,
  ],
  [
    "groups that include each other twice",
    () => {
      const group = (index: number): string => {
        const included = `{ include-group = "g${index + 1}" }`;
        return `g${index} = ["x", ${included}, ${included}]\n`;
      };
      const groups = Array.from({ length: 3000 }, (_, index) => group(index)).join("");
      const toml = `${LOCKED}[dependency-groups]\n${groups}${TARGET}groups = ["g0"]\n`;
      return { toml, files: { "uv.lock": lockOf("uv.lock") } };
    },
    /uv\.lock does not satisfy "x"/,
  ],
  [
    "extras under conditions that ask for each other",
    () => {
      const chain = Array.from({ length: 4000 }, (_, index) => `e${index} = ["app[e${index + 1}]"]\n`).join("");
      const all = Array.from({ length: 4000 }, (_, index) => quoted(`app[e0]; python_version >= "3.${index}"`));
      const toml = `${PROJECT}[project.optional-dependencies]\n${chain}all = [${all}]\n${TARGET}extras = ["all"]\n`;
      return { toml };
    },
    /^pyproject\.toml:\d+:\d+: error: the extras ask for each other in more than 10000 ways/,
  ],
  [
    "variables",
    () => ({
      toml: `${PROJECT}${TARGET}env = { ${Array.from({ length: 20_000 }, (_, index) => `k${index} = ""`)} }\n`,
    }),
    /^pyproject\.toml:6:1: error: env has 20000 variables; microb sets at most 1000/,
  ],
  [
    "sources of one dependency",
    () => {
      const marker = quoted(long("python_version > '3' and ", 20_000).replace(/ and $/, ""));
      const some = Array.from(
        { length: 2000 },
        (_, index) => `{ git = "https://h/${index}", marker = "extra == 'a'" }`,
      );
      const toml = `${PROJECT}dependencies = [${`"flask; ${marker.slice(1)}`}]\n[tool.uv.sources]\nflask = [${some}]\n`;
      return { toml };
    },
    /"flask" has 2000 sources; microb reads at most 50/,
  ],
];

const REQUIREMENTS: readonly Row[] = [
  [
    "100,000 comparisons",
    () => requirement(`a; ${"'a'>'b'and ".repeat(20_000)}'a'>'b'`),
    /^pyproject\.toml:4:\d+: error: .* the marker has more than 1000 comparisons/,
  ],
  [
    "deep brackets of a marker",
    () => requirement(`a; ${"(".repeat(100_000)}`),
    /^pyproject\.toml:4:\d+: error: .* nested too deeply/,
  ],
  ["16,000 dashes", () => requirement(`a${"-".repeat(16_000)}`), /^pyproject\.toml:4:\d+: error/],
  ["clauses", () => requirement(`a${long(">=1,")}`), /has more than 100 clauses/],
  ["a version", () => requirement(`a==1${long(".1")}x`), /^pyproject\.toml:4:\d+: error/],
  ["dashes of a version", () => requirement(`a==1+a${long("-a")}-`), /^pyproject\.toml:4:\d+: error/],
  ["blanks of a line", () => requirements(`a${long(" ")}b`), /^r\.txt:1:1: error/],
  ["blanks before no comment", () => requirements(`a ;${long(" ", 1_000_000)}x`), /^r\.txt:1:1: error/],
  ["brackets of a line", () => requirements(long("[")), /^r\.txt:1:1: error/],
  ["brackets of a path", () => requirements(`./${long("[")}`), /^r\.txt:1:1: error/],
  ["a path with @", () => requirements(`${long("a/")}@`), /^r\.txt:1:1: error/],
  ["brackets of the project's line", () => requirements(`app @ file:#${long("[")}=b`), /warning/],
  ["hashes of a file", () => requirements(`file:${long("#")}\u2028`), /warning/],
  ["an address", () => requirements(`a @ https://${long(":")}@`), /^[\s\S]*$/],
  ["lines that go on", () => requirements(long("a\\\n", 2_000_000)), /more than 200000 lines|^r\.txt:1:1: error/],
  ["lines", () => requirements(long("a\n", 2_000_000)), /has, with the files before it, more than 200000 lines/],
  ["lines of another kind beside", () => beside(long("\u2028")), /warning/],
  ["blank lines beside", () => beside(`a${long("\n", 2_000_000)}`), /warning/],
  ["markers beside", () => beside(`a;python_version>"3"${long(";python_version")}`), /warning/],
  ["a file of 20 MB", () => requirements(long("#", 20 << 20)), /^r\.txt:1:1: error: the file has 20971520 bytes/],
];

const LOCKS: readonly Row[] = [
  [
    "100,000 comparisons",
    () => uvLock({ edge: `, marker = "${"os_name=='a'and ".repeat(100_000)}os_name=='a'"` }),
    /more than 1000 comparisons/,
  ],
  [
    "blanks after a marker",
    () => uvLock({ edge: `, marker = "${long("os_name=='posix' and ", 20_000)}os_name=='posix'${long(" ")}"` }),
    /warning/,
  ],
  [
    "clauses of requires-python",
    () => uvLock({ python: long(">=3.1,", 1_000_000) }),
    /^uv\.lock:1:1: error: the lock is for Python/,
  ],
  [
    "addresses in what is not TOML",
    () => uvLock({ more: `# ${long("://", 2_000_000)}\nx = [` }),
    /^uv\.lock:\d+:\d+: error/,
  ],
  [
    "a password without end",
    () => uvLock({ more: `password = """${long("a", 4_000_000)}` }),
    /^uv\.lock:\d+:\d+: error/,
  ],
  [
    "versions of a project",
    () =>
      uvLock({
        more: Array.from({ length: 20_000 }, (_, index) => `[[package]]\nname = "b"\nversion = "${index}"\n`).join(""),
      }),
    /^uv\.lock:\d+:1: error: the lock has more than 100 versions of b/,
  ],
  [
    "a path of 64 kB",
    () => uvLock({ source: `{ directory = "${long("a/", 64_000)}" }` }),
    /is not a path of the build context/,
  ],
  ["20 MB", () => uvLock({ more: long("#", 20 << 20) }), /^uv\.lock:1:1: error: the file has \d+ bytes/],
];

const NEIGHBOURS: readonly Row[] = [
  ["stars of an ignore file", () => ignored(`${"*a".repeat(1000)}b\n`, "a".repeat(4000)), /warning/],
  ["directories of an ignore file", () => ignored(`${"**/a*".repeat(500)}b\n`, `${long("a/", 4000)}a`), /warning/],
  [
    "an ignore file of 1 MB",
    () => ignored(long("a\n", 1 << 20)),
    /^\.dockerignore:1:1: error: the file has 1048576 bytes/,
  ],
  ["rules of an ignore file", () => ignored(long("*a*b\n", 65_000), "a".repeat(200)), /warning/],
  [
    "a member of a workspace",
    () => ({
      toml: LOCKED,
      files: { "uv.toml": `${long("tool ")}\n` },
    }),
    /^uv\.toml:1:\d+: error/,
  ],
  [
    "setup.py of 2 MB",
    () => setup({ "setup.py": long("#", 2_000_000) }),
    /^setup\.py:1:1: error: the file has 2000000 bytes/,
  ],
  ["escaped quotes of setup.py", () => setup({ "setup.py": `'${long('\\"', 1_000_000)}` }), /warning/],
  ["quotes of setup.py", () => setup({ "setup.py": `${long("\"\"\"'''")}"` }), /warning/],
  [
    "setup.cfg",
    () => setup({ "setup.cfg": `[metadata]\nname = ${long("a=:")}\n[options]\n${long("a=b\n ")}` }),
    /a line of more than 60 KiB/,
  ],
  ["blanks of a program", () => ({ toml: LOCKED, files: { "main.py": `app:${long(" ")}x` } }), /warning/],
  [
    ".python-version",
    () => ({ toml: LOCKED, files: { ".python-version": `3.${long("1.")}!` } }),
    /^\.python-version:1:1: error/,
  ],
];

describe.each([
  ["build files", BUILD_FILES],
  ["requirements", REQUIREMENTS],
  ["locks", LOCKS],
  ["files beside the build file", NEIGHBOURS],
])("%s", (_, rows) => {
  test.each(rows)("%s", async (_name, make, says) => {
    const input = make();
    const before = processorTime();
    const said = await build(input);
    const taken = processorTime() - before;
    expect(said.slice(0, 3000)).toMatch(says);
    expect(taken).toBeLessThan(4000);
  });
});
