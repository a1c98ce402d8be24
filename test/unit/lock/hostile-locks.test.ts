import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { locateDiagnostics, renderDiagnostics } from "../../../src/diagnostic/render.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { emitDockerfile } from "../../../src/emit/dockerfile.ts";
import type { LockRequest } from "../../../src/lock/lock-request.ts";
import { lockedProjects } from "../../../src/lock/locked-projects.ts";
import { lockedRepositories } from "../../../src/lock/locked-repositories.ts";
import { selectPackages } from "../../../src/lock/select-packages.ts";
import { lowerPlan } from "../../../src/units/lower-plan.ts";
import { diagnosticsOf, errorsOf, planOf, renderError } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";
import { ENVIRONMENT } from "../units/packages.ts";

const HASH = "0".repeat(64);
const COMMIT = "a".repeat(40);

type Format = "uv.lock" | "pylock.toml" | "pdm.lock";
const FORMATS: readonly Format[] = ["uv.lock", "pylock.toml", "pdm.lock"];

/** What a test makes of a package that is fine otherwise. */
type Entry = Readonly<{ name?: string; version?: string; url?: string; hash?: string; source?: Source; more?: string }>;
type Source =
  | Readonly<{ kind: "git"; url: string; commit?: string; subdirectory?: string }>
  | Readonly<{ kind: "local"; path: string }>;

/** A lock with one package, in the words of each format. */
function lockOf(format: Format, entry: Entry = {}): string {
  const {
    name = "b",
    version = "1",
    url = "https://files.example.org/b-1-py3-none-any.whl",
    source,
    more = "",
  } = entry;
  const { hash = `sha256:${HASH}` } = entry;
  const s = JSON.stringify;
  const head = `name = ${s(name)}\nversion = ${s(version)}\n`;
  switch (format) {
    case "uv.lock": {
      const from =
        source === undefined
          ? `source = { registry = "https://pypi.org/simple" }\nwheels = [{ url = ${s(url)}, hash = ${s(hash)} }]`
          : source.kind === "local"
            ? `source = { directory = ${s(source.path)} }`
            : `source = { git = ${s(`${source.url}${source.subdirectory ? `?subdirectory=${source.subdirectory}` : ""}#${source.commit ?? COMMIT}`)} }`;
      return `version = 1\nrevision = 3\nrequires-python = ">=3.11"\n
[[package]]\nname = "app"\nversion = "1"\nsource = { editable = "." }\ndependencies = [{ name = ${s(name)} }]\n
[[package]]\n${head}${from}\n${more}`;
    }
    case "pylock.toml": {
      const [algorithm = "", digest = ""] = hash.split(":");
      const from =
        source === undefined
          ? `wheels = [{ url = ${s(url)}, hashes = { ${algorithm} = ${s(digest)} } }]`
          : source.kind === "local"
            ? `directory = { path = ${s(source.path)} }`
            : `vcs = { type = "git", url = ${s(source.url)}, commit-id = ${s(source.commit ?? COMMIT)}${source.subdirectory ? `, subdirectory = ${s(source.subdirectory)}` : ""} }`;
      return `lock-version = "1.0"\ncreated-by = "test"\n\n[[packages]]\n${head}${from}\n${more}`;
    }
    case "pdm.lock": {
      const from =
        source === undefined
          ? `files = [{ url = ${s(url)}, hash = ${s(hash)} }]`
          : source.kind === "local"
            ? `path = ${s(source.path)}`
            : `git = ${s(source.url)}\nrevision = ${s(source.commit ?? COMMIT)}${source.subdirectory ? `\nsubdirectory = ${s(source.subdirectory)}` : ""}`;
      return `[metadata]\ngroups = ["default"]\nstrategy = ["inherit_metadata", "static_urls"]\nlock_version = "4.5.0"\n
[[package]]\n${head}groups = ["default"]\n${from}\n${more}`;
    }
  }
}

function select(format: string, text: string, more: Partial<LockRequest> = {}) {
  const source = sourceText(format, text);
  // What every build asks a lock.
  lockedProjects(source);
  lockedRepositories(source);
  return selectPackages({ source, extras: [], groups: [], ...more }, ENVIRONMENT);
}

const LONG = "x".repeat(100_000);

describe.each(FORMATS)("%s", (format) => {
  test("is fine if nothing is wrong with it", () => {
    expect(select(format, lockOf(format))).toMatchObject([{ name: "b", version: "1", source: { kind: "wheel" } }]);
    const git: Source = { kind: "git", url: "https://github.com/a/b.git" };
    expect(select(format, lockOf(format, { source: git }))).toMatchObject([{ source: { ...git, commit: COMMIT } }]);
  });

  const cases: Readonly<Record<string, readonly [entry: Entry, says: string]>> = {
    "a package whose name is a path": [{ name: "../../etc" }, '"-/-/etc" is not a valid package name'],
    "a package whose name is a command": [{ name: "b; touch /tmp/x" }, "is not a valid package name"],
    "a package whose name is an instruction": [{ name: "b\nRUN id" }, "is not a valid package name"],
    "a package without a name": [{ name: "" }, '"" is not a valid package name'],
    "a package whose name is never found": [{ name: "__proto__" }, '"-proto-" is not a valid package name'],
    "a name without end": [{ name: LONG }, "is not a valid package name"],
    "a version with a line break": [{ version: "1\nRUN id" }, '"1\\nRUN id" is not a valid version'],
    "a version that moves the cursor": [{ version: "1\u001b[2J" }, "is not a valid version"],
    "a version without end": [{ version: LONG }, "is not a valid version"],
    "another hash": [{ hash: `md5:${HASH.slice(32)}` }, "it has a file without a sha256"],
    "a hash that is too short": [{ hash: "sha256:00" }, "it has a file without a sha256"],
    "a hash with a command in it": [{ hash: `sha256:$(id)${HASH}` }, "it has a file without a sha256"],
    "a file of the machine": [
      { url: "file:///etc/b-1-py3-none-any.whl" },
      "file: URLs cannot be downloaded by a build",
    ],
    "a file of another kind": [{ url: "ftp://h/b-1-py3-none-any.whl" }, "ftp: URLs cannot be downloaded by a build"],
    "no URL": [{ url: "b-1-py3-none-any.whl" }, "it has a file without a URL"],
    "a file of another project": [{ url: "https://h/evil-1-py3-none-any.whl" }, "is not a wheel of b"],
    "an encoded path": [{ url: "https://h/..%2f..%2fb-1-py3-none-any.whl" }, "is not a valid file name"],
    "an encoded backslash": [{ url: "https://h/..%5Cb-1-py3-none-any.whl" }, "is not a valid file name"],
    "an encoded NUL": [{ url: "https://h/b-1-py3-none-any.whl%00.whl" }, "is not a valid file name"],
    "a file whose name is an option": [{ url: "https://h/-b-1-py3-none-any.whl" }, "is not a valid file name"],
    "a name of a file without end": [{ url: `https://h/b-1-${LONG}-none-any.whl` }, "is not a valid file name"],
    "a wheel for any number of tags": [
      { url: `https://h/b-1-${"a.".repeat(30)}a-${"a.".repeat(30)}a-${"a.".repeat(30)}a.whl` },
      "b 1 has no wheel for linux/amd64, Python 3.13.5, glibc 2.41: its only wheel is for other platforms or versions of Python",
    ],
    "no TLS": [{ url: "http://h:8080/b-1-py3-none-any.whl" }, "it comes from h:8080 without TLS"],
    "a token": [{ url: "https://h/b-1-py3-none-any.whl?access_token=hunter2" }, "a URL with a secret in its query"],
    "a signature": [
      { url: "https://h/b-1-py3-none-any.whl?X-Amz-Signature=hunter2" },
      "a URL with a secret in its query",
    ],
    "a wheel for another platform": [
      { url: "https://h/b-1-cp313-cp313-win_amd64.whl" },
      "b 1 has no wheel for linux/amd64, Python 3.13.5, glibc 2.41: its only wheel is for other platforms or versions of Python",
    ],
    "a directory outside": [
      { source: { kind: "local", path: "../b" } },
      'its path "../b" is not a path of the build context',
    ],
    "a directory far outside": [
      { source: { kind: "local", path: "a/../../../b" } },
      "is not a path of the build context",
    ],
    "an absolute directory": [
      { source: { kind: "local", path: "/etc" } },
      'its path "/etc" is not a path of the build',
    ],
    "a directory with NUL": [{ source: { kind: "local", path: "a\u0000b" } }, "is not a path of the build context"],
    "a directory that is a pattern": [{ source: { kind: "local", path: "*" } }, "is not a path of the build context"],
    "a repository of the machine": [
      { source: { kind: "git", url: "file:///etc/x.git" } },
      "no URL that a build can clone",
    ],
    "a repository that is a command": [
      { source: { kind: "git", url: "ext::sh -c id" } },
      "no URL that a build can clone",
    ],
    "a host that is an option": [
      { source: { kind: "git", url: "ssh://-oProxyCommand=id/x" } },
      "no URL that a build can clone",
    ],
    "a repository with a blank": [
      { source: { kind: "git", url: "https://h/x -c y" } },
      "no URL that a build can clone",
    ],
    "a repository with NUL": [{ source: { kind: "git", url: "https://h/\u0000" } }, "no URL that a build can clone"],
    "a repository without TLS": [{ source: { kind: "git", url: "http://h/x.git" } }, "it comes from h without TLS"],
    "a commit that is an option": [
      { source: { kind: "git", url: "https://h/x.git", commit: "--upload-pack=id" } },
      "its git source names no commit",
    ],
    "a commit that is a branch": [
      { source: { kind: "git", url: "https://h/x.git", commit: "main" } },
      "its git source names no commit",
    ],
  };

  test.each(Object.entries(cases))("%s is one error at its place", async (_, [entry, says]) => {
    const text = lockOf(format, entry);
    const started = processorTime();
    const problems = await diagnosticsOf(() => select(format, text));
    const message = renderDiagnostics(await locateDiagnostics(problems), "error");
    expect(processorTime() - started).toBeLessThan(2000);
    expect(message).toContain(says);
    const line = text.split("\n").findLastIndex((one) => one.startsWith("name = ")) + 1;
    expect(message).toMatch(new RegExp(`^${format}:${line}:1: error: `));
    expect(message).toMatch(/\n {2}\d+ \| name = .*\n *\| \^/);
    expect(problems).toHaveLength(1);
    expect(message).not.toContain("hunter2");
    expect(message.length).toBeLessThan(3000);
    expect(message).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test.each([
    ["a truncated one", (text: string) => text.slice(0, -20), "the lock is not valid TOML"],
    ["marks of a conflict", (text: string) => `${text}\r\n<<<<<<< HEAD\r\n`, "the lock has conflict markers of git"],
    ["deep nesting", (text: string) => `a = ${"[".repeat(100_000)}\n${text}`, "nest"],
    ["20 MB", (text: string) => `${text}\n# ${"x".repeat(20 << 20)}`, "microb reads at most 16777216"],
    [
      "a million empty tables",
      (text: string) => `${text}\n${"[[package]]\n".repeat(1_000_000)}`,
      "more than 500000 tables",
    ],
    [
      "a million empty values",
      (text: string) => `a = [${"{},".repeat(1_000_000)}]\n${text}`,
      "more than 500000 tables",
    ],
    ["something else", () => "<html><body>Not found</body></html>", "the lock is not valid TOML"],
    ["nothing", () => "", ""],
    ["bytes", () => "\u0000\u0001\uFFFD".repeat(1000), "the lock is not valid TOML"],
  ])("%s is one error at its place", async (_, change, says) => {
    const started = processorTime();
    const text = change(lockOf(format));
    const problems = await diagnosticsOf(() => select(format, text));
    expect(problems).toHaveLength(1);
    const message = renderDiagnostics(await locateDiagnostics(problems), "error");
    expect(processorTime() - started).toBeLessThan(3000);
    expect(message).toContain(says);
    expect(message).toMatch(new RegExp(`^${format}:\\d+:\\d+: error: `));
  });

  test("no credentials of it are in what is installed, nor in what is shown of it", async () => {
    const secret = "hunter2";
    const wheel = lockOf(format, { url: `https://user:${secret}@h/b-1-py3-none-any.whl#${secret}` });
    expect(JSON.stringify(select(format, wheel))).not.toContain(secret);
    for (const text of [
      wheel.replace("sha256", "md5"),
      `${wheel}\n[`,
      lockOf(format, { url: `https://h/b-1-py3-none-any.whl?token=${secret}` }),
      `${lockOf(format, { url: `https://h/b-1-py3-none-any.whl?download=${secret}` })}\n[`,
    ]) {
      // Clients show the lines around a place, of which the whole text is sent.
      expect(JSON.stringify(await diagnosticsOf(() => select(format, text)))).not.toContain(secret);
    }
  });

  test("TLS is not needed where the build file says so", () => {
    const text = lockOf(format, { url: "http://h:8080/files/b-1-py3-none-any.whl" });
    expect(select(format, text, { plainHttp: ["http://h:8080/"] })).toHaveLength(1);
    expect(() => select(format, text, { plainHttp: ["http://h:808/", "http://h:8080/other/"] })).toThrow(UserError);
  });

  test("local packages are found from where the lock is", () => {
    const text = lockOf(format, { source: { kind: "local", path: "../lib//./b/" } });
    expect(select(`services/api/${format}`, text)).toMatchObject([
      { source: { kind: "local", path: "services/lib/b" } },
    ]);
  });

  test("thousands of problems are told at once", async () => {
    const text = lockOf(format, { hash: "md5:0" });
    const [head = "", entry = ""] = text.split(/(?=\[\[packages?\]\]\nname = "b")/);
    const names = Array.from({ length: 5000 }, (_, index) => `b${index}`);
    const edges = head.replace('{ name = "b" }', names.map((name) => `{ name = "${name}" }`).join(", "));
    const many = edges + names.map((name) => entry.replace('name = "b"', `name = "${name}"`)).join("\n");
    const started = processorTime();
    const message = await renderError(() => select(format, many));
    expect(processorTime() - started).toBeLessThan(3000);
    expect(message).toMatch(/^More than 50 errors:/);
  });

  test("whatever is changed in it, it is an error with a place, or something to install", async () => {
    const texts = [
      lockOf(format, { more: "marker = \"sys_platform == 'linux' and python_version >= '3.8'\"\n" }),
      lockOf(format, { source: { kind: "git", url: "https://h/x.git", subdirectory: "a/b" } }),
      lockOf(format, { source: { kind: "local", path: "lib/b" } }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (text, changes) => {
          const changed = changes.reduce((one, change) => change(one), text);
          let error: unknown;
          try {
            for (const { name, source } of select(format, changed)) {
              expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
              if (source.kind === "wheel" || source.kind === "sdist") {
                expect(source.filename).not.toMatch(/[^\w.+!-]/);
                expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
                expect(new URL(source.url)).toMatchObject({ protocol: "https:", username: "", password: "" });
              } else if (source.kind === "git") expect(source.commit).toMatch(/^[0-9a-f]{40,64}$/);
              else expect(`/${source.path}/`).not.toMatch(/\/\.\.\/|\0/);
            }
          } catch (caught) {
            error = caught;
          }
          if (error === undefined) return;
          if (!(error instanceof UserError)) throw error;
          for (const { place } of error.diagnostics) expect(place).toBeDefined();
          const shown = renderDiagnostics(await locateDiagnostics(error.diagnostics), "error");
          expect(shown).toMatch(/(?:pylock\.toml|uv\.lock|pdm\.lock):\d+:\d+: error: /);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** Values that a lock should not have at some place. */
const ODD = fc.constantFrom(
  '""',
  "1",
  "-1",
  "nan",
  "inf",
  "true",
  "[]",
  "{}",
  "[[]]",
  "[1, 'a', {}]",
  "1979-05-27T07:32:00Z",
  '"../.."',
  '"__proto__"',
  '"constructor"',
  '"\\u0000"',
  '"\\u001b[31m"',
  '"$(id)"',
  '"a b"',
  '"1.0.0.0"',
  `"${"1".repeat(500)}"`,
  '"https://u:p@h/b-1-py3-none-any.whl"',
  '"file:///etc/passwd"',
  '"https://["',
  '"((((\'"',
  "\"python_version >= 'x'\"",
  "\"'a' in extras\"",
  "{ git = 'https://h/x#y' }",
);

type Mutation = (text: string) => string;

/** Changes of a text: of a character, of a line, and of a value. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(8), fc.string({ maxLength: 4 })).map(
    ([at, length, by]): Mutation =>
      (text) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + by + text.slice(from + length);
      },
  ),
  fc.tuple(fc.nat(), fc.nat(), fc.boolean()).map(
    ([from, to, removes]): Mutation =>
      (text) => {
        const lines = text.split("\n");
        const moved = lines[from % lines.length] ?? "";
        if (removes) lines.splice(from % lines.length, 1);
        else lines.splice(to % lines.length, 0, moved);
        return lines.join("\n");
      },
  ),
  fc.tuple(fc.nat(), ODD).map(([at, value]): Mutation => {
    return (text) => {
      const values = [...text.matchAll(/(?<== )(?:"[^"]*"|\d+|\[[^[\]]*\]|\{[^{}]*\})/g)];
      const one = values[at % Math.max(1, values.length)];
      return one === undefined ? text : text.slice(0, one.index) + value + text.slice(one.index + one[0].length);
    };
  }),
);

test("a name that is there twice is an error", async () => {
  const twice = lockOf("uv.lock")
    .replace('{ name = "b" }', '{ name = "b", version = "1" }, { name = "b", version = "2" }')
    .concat("\n", lockOf("uv.lock", { version: "2" }).replace(/^[\s\S]*(?=\[\[package\]\])/, ""));
  expect(await renderError(() => select("uv.lock", twice))).toContain("the lock has b twice for this platform");
});

test("a version that is none does not satisfy the build file", async () => {
  const toml = '[project]\nname = "app"\nversion = "1"\ndependencies = ["b>=1"]\n[tool.microb.target.default]\n';
  for (const version of ["none", "1".repeat(500), "1.*"]) {
    const files = { "pylock.toml": lockOf("pylock.toml", { version }) };
    expect(await errorsOf(toml, { files })).toContain('pylock.toml does not satisfy "b>=1"');
  }
});

test("ten thousand forks and two thousand that depend on them take no time", () => {
  const entry = (name: string, more: string): string => {
    const url = `https://h/${name}-1-py3-none-any.whl`;
    return `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://h/" }\n${more}wheels = [{ url = "${url}", hash = "sha256:${HASH}" }]\n`;
  };
  const forks = Array.from({ length: 10_000 }, (_, index) =>
    entry("p", `resolution-markers = ["python_full_version == '3.${index}'"]\n`),
  );
  const others = Array.from({ length: 2000 }, (_, index) =>
    entry(`q${index}`, `dependencies = [{ name = "p" }, { name = "q${(index + 1) % 2000}" }]\n`),
  );
  const text = lockOf("uv.lock").replace('{ name = "b" }', '{ name = "q0" }') + [...forks, ...others].join("\n");
  const started = processorTime();
  expect(select("uv.lock", text)).toHaveLength(2001);
  expect(processorTime() - started).toBeLessThan(10_000);
});

test("tables in tables in tables are no problem if nobody asks for them", () => {
  const deep = `${"a.".repeat(100_000)}a = 1\n`;
  for (const format of FORMATS) expect(select(format, deep + lockOf(format))).toHaveLength(1);
  const text = lockOf("uv.lock").replace('source = { registry = "https://pypi.org/simple" }', `source.${deep}`);
  expect(select("uv.lock", text)).toHaveLength(1);
});

test("what a URL holds is neither a variable nor a word of a Dockerfile", async () => {
  const url = "https://h/$HOME/${X:-y}/$(id)/`id`/'\"/a b/b-1-py3-none-any.whl";
  const toml =
    '[project]\nname = "app"\nversion = "1"\ndependencies = ["b"]\n[tool.microb.target.default]\ninstall = "source"\n';
  const { plan } = await planOf(toml, { files: { "pylock.toml": lockOf("pylock.toml", { url }) } });
  const packages = select("pylock.toml", lockOf("pylock.toml", { url }));
  const complete = lowerPlan(plan, { packages, environment: ENVIRONMENT, runsOnBuildPlatform: true });
  const lines = emitDockerfile(complete, sourceText("pyproject.toml", toml)).split("\n");
  expect(lines.filter((line) => line.startsWith("ADD "))).toMatchInlineSnapshot(`
    [
      "ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 --chmod=0644 ["https://h/\\\\$HOME/\\\\$%7BX:-y%7D/\\\\$(id)/%60id%60/\\\\'%22/a%20b/b-1-py3-none-any.whl", "/wheels/b-1-py3-none-any.whl"]",
    ]
  `);
});

describe.each(["uv.lock", "pylock.toml"] as const)("requires-python of %s", (format) => {
  const withPython = (requires: string): string => {
    const line = `requires-python = ${JSON.stringify(requires)}\n`;
    const text = lockOf(format);
    return format === "uv.lock"
      ? text.replace(/requires-python = .*\n/, () => line)
      : text.replace("\n\n", () => `\n${line}\n`);
  };

  test.each([">=3.*", "~=3.*", "x", ">=3,,~=3.*"])("%j is no range of versions", async (requires) => {
    expect(await renderError(() => select(format, withPython(requires)))).toContain(
      `error: the lock is for Python "${requires}", which is no range of versions [lock`,
    );
  });

  test("whatever it is, it is read or refused", async () => {
    const unit = fc.constantFrom(
      ...["<", ">", "=", "~", "!", ".*", "*", ".", "3", "11", ",", " ", "a", "\0", "+", "9".repeat(20)],
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 8 }), async (requires) => {
        try {
          select(format, withPython(requires));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
