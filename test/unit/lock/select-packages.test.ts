import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import type { LockRequest } from "../../../src/lock/lock-request.ts";
import { lockedProjects } from "../../../src/lock/locked-projects.ts";
import { selectPackages } from "../../../src/lock/select-packages.ts";
import type { TargetEnvironment } from "../../../src/lock/target-environment.ts";
import { renderError } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";

const AMD64: TargetEnvironment = {
  platform: { os: "linux", architecture: "amd64" },
  pythonVersion: "3.13.1",
  libc: { kind: "glibc", version: "2.36" },
};
const HASH = "0".repeat(64);
const ROOT = `[[package]]\nname = "app"\nversion = "1"\nsource = { editable = "." }\n`;

function wheel(name: string, tags = "py3-none-any", url = "https://files.example.org"): string {
  return `wheels = [{ url = "${url}/${name}-1-${tags}.whl", hash = "sha256:${HASH}", size = 7 }]\n`;
}

function entry(name: string, more = wheel(name)): string {
  return `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://pypi.org/simple" }\n${more}`;
}

function uv(...packages: readonly string[]): string {
  return `version = 1\nrevision = 3\nrequires-python = ">=3.11"\n${packages.join("\n")}`;
}

function request(text: string, more: Partial<LockRequest> = {}, filename = "uv.lock"): LockRequest {
  return { source: sourceText(filename, text), extras: [], groups: [], ...more };
}

function names(text: string, more: Partial<LockRequest> = {}, environment = AMD64): readonly string[] {
  return selectPackages(request(text, more), environment).map(({ name }) => name);
}

const TREE = uv(
  `${ROOT}dependencies = [{ name = "b" }, { name = "win", marker = "sys_platform == 'win32'" }, { name = "c", extra = ["x"] }]
[package.optional-dependencies]
web = [{ name = "d" }]
[package.dev-dependencies]
docs = [{ name = "e" }]
[package.metadata]
[package.metadata.requires-dev]
empty = []
`,
  `${entry("b")}dependencies = [{ name = "c" }, { name = "b" }]`,
  entry("win"),
  `${entry("c")}\n[package.optional-dependencies]\nx = [{ name = "f" }]`,
  ...["d", "e", "f"].map((name) => entry(name)),
);

test("what is installed is reached from the root where markers hold, sorted by name", () => {
  expect(names(TREE)).toEqual(["b", "c", "f"]);
  expect(names(TREE, { extras: ["web"], groups: ["docs"] })).toEqual(["b", "c", "d", "e", "f"]);
  expect(names(TREE, { onlyGroups: ["docs"] })).toEqual(["e"]);
  expect(names(TREE, { groups: ["empty"] })).toEqual(["b", "c", "f"]);
  expect(lockedProjects(sourceText("uv.lock", TREE)).get("b")?.versions).toEqual(new Set(["1"]));
});

test("what uv was told to take whatever requires it, or to leave out, has no version that counts", () => {
  const text = `${uv()}\n[manifest]\noverrides = [{ name = "B", specifier = ">=1" }]\nexcludes = ["jinja2"]\n${entry("b")}${entry("c")}`;
  const versions = [...lockedProjects(sourceText("uv.lock", text))].map(([name, one]) => [name, [...one.versions]]);
  expect(Object.fromEntries(versions)).toEqual({ b: [], c: ["1"], jinja2: [] });
});

test("a file is its URL without credentials, its name, hash and size", () => {
  const text = uv(
    `${ROOT}dependencies = [{ name = "b" }]`,
    entry("b", wheel("b", "py3-none-any", "https://u:p@h/x%2By")),
  );
  expect(selectPackages(request(text), AMD64)).toEqual([
    {
      name: "b",
      version: "1",
      source: {
        kind: "wheel",
        url: "https://h/x%2By/b-1-py3-none-any.whl",
        filename: "b-1-py3-none-any.whl",
        sha256: HASH,
        size: 7,
      },
    },
  ]);
});

test.each([
  ["a lock of another version", uv(ROOT).replace("version = 1", "version = 2"), "version 2 of uv's format"],
  ["a truncated one", TREE.slice(0, -12), "not valid TOML"],
  ["marks of a conflict", `${uv(ROOT)}<<<<<<< HEAD\n`, "uv.lock:8:1: error: the lock has conflict markers"],
  ["another Python", uv(ROOT).replace(">=3.11", ">=3.14"), "the lock is for Python >=3.14, but the image has 3.13.1"],
  ["a package that is missing", uv(`${ROOT}dependencies = [{ name = "b" }]`), "the lock has no package b"],
  [
    "no wheel for it",
    uv(`${ROOT}dependencies = [{ name = "b" }]`, entry("b", wheel("b", "cp313-cp313-musllinux_1_2_x86_64"))),
    "it has wheels for musl only",
  ],
  [
    "another hash",
    uv(`${ROOT}dependencies = [{ name = "b" }]`, entry("b").replace("sha256:", "md5:")),
    "uv.lock:10:1: error: it has a file without a sha256",
  ],
  [
    "a file of the machine",
    uv(`${ROOT}dependencies = [{ name = "b" }]`, entry("b", wheel("b", "py3-none-any", "file:///x"))),
    "file: URLs cannot be downloaded",
  ],
  [
    "a name that leads elsewhere",
    uv(
      `${ROOT}dependencies = [{ name = "b" }]`,
      entry("b", `wheels = [{ url = "https://h/..%2Fb-1-py3-none-any.whl", hash = "sha256:${HASH}" }]`),
    ),
    "is not a valid file name",
  ],
  [
    "a marker that nobody can decide",
    uv(`${ROOT}dependencies = [{ name = "b", marker = "platform_release >= '6'" }]`, entry("b")),
    "platform_release is not known",
  ],
  [
    "a marker that is none",
    uv(`${ROOT}dependencies = [{ name = "b", marker = "os_name ==" }]`, entry("b")),
    "is not a marker",
  ],
  ["no project", uv(entry("b")), "the lock has no project"],
  ["a lock of names like __proto__", uv(`${ROOT}dependencies = [{ name = "__proto__" }]`), "the lock has no package"],
])("%s is one error at its place", async (_, text, says) => {
  const message = await renderError(() => selectPackages(request(text), AMD64));
  expect(message).toContain(says);
  expect(message).toMatch(/^uv\.lock:\d+:\d+: error: /);
});

test("extras and groups that exclude each other", async () => {
  const conflicts = 'conflicts = [[{ package = "app", extra = "cpu" }, { package = "app", extra = "gpu" }]]\n';
  const edges = `dependencies = [{ name = "b", marker = "extra == 'extra-3-app-cpu'" }, { name = "c", marker = "extra != 'extra-3-app-cpu'" }]
[package.optional-dependencies]
cpu = [{ name = "b" }]
gpu = [{ name = "c" }]
`;
  const text = uv(conflicts + ROOT + edges, entry("b"), entry("c"));
  expect(names(text, { extras: ["cpu"] })).toEqual(["b"]);
  expect(names(text)).toEqual(["c"]);
  const both = await renderError(() => selectPackages(request(text, { extras: ["cpu", "gpu"] }), AMD64));
  expect(both).toContain("cpu and gpu exclude each other");
});

test("an edge may ask for an extra that a later edge makes active", () => {
  const conflicts = 'conflicts = [[{ package = "lib", extra = "old" }, { package = "lib", extra = "new" }]]\n';
  const lib = `${entry("lib")}\n[package.optional-dependencies]\nnew = [{ name = "d" }]\nold = [{ name = "e" }]\n`;
  const edges = (...later: readonly string[]) =>
    uv(
      `${conflicts}${ROOT}dependencies = [${[
        `{ name = "b", marker = "extra == 'extra-3-lib-new'" }`,
        `{ name = "c", marker = "extra != 'extra-3-lib-new'" }`,
        ...later,
      ].join(", ")}]`,
      ...["b", "d", "e"].map((name) => entry(name)),
      `${entry("c")}dependencies = [{ name = "lib", extra = ["old"] }]`,
      lib,
    );
  expect(names(edges('{ name = "lib", extra = ["new"] }'))).toEqual(["b", "d", "lib"]);
  expect(names(edges())).toEqual(["c", "e", "lib"]);
  // What an edge brings counts for its own marker.
  const own = `{ name = "lib", extra = ["new"], marker = "extra == 'extra-3-lib-new'" }`;
  expect(names(edges(own))).toEqual(["b", "d", "lib"]);
});

test("a workspace with conflicts, as uv locks it", async () => {
  // Made by uv lock; the live tests ask uv and packaging about it too.
  const text = readFileSync(join(import.meta.dirname, "../../fixture/workspace-lock/uv.lock"), "utf8");
  const all = ["app", "attrs", "click", "idna", "iniconfig", "lib", "six"];
  expect(names(text)).toEqual(all);
  expect(names(text, { extras: ["cpu"], groups: ["self", "empty"] })).toEqual(all);
  expect(names(text, { onlyGroups: ["self"] })).toEqual(all);
  expect(names(text, { onlyGroups: ["empty"] })).toEqual([]);
  // The group includes another.
  expect(names(text, { onlyGroups: ["test"] })).toEqual(["packaging", "pluggy"]);
  const later = selectPackages(request(text, { onlyGroups: ["new"] }), AMD64);
  expect(later).toMatchObject([{ name: "packaging", version: "25.0" }]);
  expect(selectPackages(request(text), AMD64).find(({ name }) => name === "iniconfig")?.version).toBe("2.0.0");
  // The member that it needs asks for the extra that excludes this one.
  const message = await renderError(() => names(text, { extras: ["gpu"] }));
  expect(message).toContain("all and gpu exclude each other");
});

test("what excludes each other may be asked for by a dependency, or be the project itself", async () => {
  const conflicts = (...items: readonly string[]) => `conflicts = [[${items.map((one) => `{ ${one} }`).join(", ")}]]\n`;
  const lib = `${entry("lib")}\n[package.optional-dependencies]\nnew = [{ name = "b" }]\n`;
  const root = `${ROOT}dependencies = [{ name = "lib", extra = ["new"] }]
[package.optional-dependencies]
old = [{ name = "b" }]
[package.dev-dependencies]
docs = [{ name = "b" }]
`;
  const transitive = uv(
    conflicts('package = "lib", extra = "new"', 'package = "app", extra = "old"') + root,
    lib,
    entry("b"),
  );
  expect(names(transitive)).toEqual(["b", "lib"]);
  const message = await renderError(() => names(transitive, { extras: ["old"] }));
  expect(message).toContain("new and old exclude each other");
  const project = uv(conflicts('package = "app"', 'package = "app", group = "docs"') + root, lib, entry("b"));
  expect(names(project)).toEqual(["b", "lib"]);
  expect(names(project, { onlyGroups: ["docs"] })).toEqual(["b"]);
  expect(await renderError(() => names(project, { groups: ["docs"] }))).toContain("app and docs exclude each other");
});

test.each([
  ["an extra that is not there", uv(ROOT), { extras: ["web"] }, "uv.lock:5:1: error: app has no extra web"],
  [
    "two versions for one platform",
    uv(
      `${ROOT}dependencies = [{ name = "b", version = "1" }, { name = "b", version = "2" }]`,
      entry("b"),
      entry("b").replace('"1"', '"2"'),
    ),
    {},
    "the lock has b twice for this platform",
  ],
  [
    "a lock for other platforms",
    `supported-markers = ["sys_platform == 'darwin'"]\n${uv(ROOT)}`,
    {},
    "the lock is for other platforms",
  ],
  [
    "a subdirectory of an archive",
    uv(
      `${ROOT}dependencies = [{ name = "b" }]`,
      `[[package]]\nname = "b"\nversion = "1"\nsource = { url = "https://h/b.zip", subdirectory = "x" }\nsdist = { hash = "sha256:${HASH}" }`,
    ),
    {},
    "it is in a subdirectory of an archive",
  ],
  [
    "a repository of the machine",
    uv(
      `${ROOT}dependencies = [{ name = "b" }]`,
      `[[package]]\nname = "b"\nversion = "1"\nsource = { git = "file:///x#${"a".repeat(40)}" }`,
    ),
    {},
    "its repository has no URL that a build can clone",
  ],
])("uv.lock: %s is told", async (_, text, more, says) => {
  expect(await renderError(() => names(text, more))).toContain(says);
});

test("extras without requirements are in the metadata only", () => {
  const text = uv(`${ROOT}[package.metadata]\nprovides-extras = ["nothing"]`);
  expect(names(text, { extras: ["nothing"] })).toEqual([]);
});

test("what nobody can decide does not matter where the rest decides", () => {
  const marker = (text: string) => uv(`${ROOT}dependencies = [{ name = "b", marker = "${text}" }]`, entry("b"));
  expect(names(marker("platform_release >= '20' and sys_platform == 'darwin'"))).toEqual([]);
  expect(names(marker("platform_release >= '20' or sys_platform == 'linux'"))).toEqual(["b"]);
  expect(() => names(marker("platform_release >= '20' and sys_platform == 'linux'"))).toThrow();
});

test("large and odd locks take no time", () => {
  const started = processorTime();
  const many = Array.from({ length: 10_000 }, (_, index) =>
    entry("p").replace("[[package]]", `[[package]]\nresolution-markers = ["python_full_version == '3.${index}'"]`),
  );
  expect(names(uv(`${ROOT}dependencies = [{ name = "p" }]`, ...many))).toEqual(["p"]);
  const cycle = Array.from(
    { length: 2000 },
    (_, index) => `${entry(`c${index}`)}dependencies = [{ name = "c${(index + 1) % 2000}" }]`,
  );
  expect(names(uv(`${ROOT}dependencies = [{ name = "c0" }]`, ...cycle))).toHaveLength(2000);
  expect(() => names(`a = ${"[".repeat(100_000)}`)).toThrow();
  expect(() =>
    names(uv(`${ROOT}dependencies = [{ name = "b", marker = "${"(".repeat(50_000)}" }]`, entry("b"))),
  ).toThrow();
  expect(processorTime() - started).toBeLessThan(10_000);
});

const PYLOCK = `lock-version = "1.0"
created-by = "test"
requires-python = ">=3.11"
environments = ["sys_platform == 'linux'"]
extras = ["web"]
dependency-groups = ["docs"]
[[packages]]
name = "b"
version = "1"
wheels = [{ url = "https://h/b-1-cp313-cp313-manylinux_2_17_x86_64.whl", hashes = { sha256 = "${HASH}" } }, { url = "https://h/b-1-py3-none-any.whl", hashes = { sha256 = "${HASH}" } }]
[[packages]]
name = "c"
marker = "'web' in extras or 'docs' in dependency_groups"
vcs = { type = "git", url = "https://h/c.git", commit-id = "${"a".repeat(40)}" }
`;

test("pylock.toml: packages whose markers hold, and the wheel that is liked best", async () => {
  const select = (more: Partial<LockRequest>, text = PYLOCK) =>
    selectPackages(request(text, more, "pylock.toml"), AMD64);
  expect(select({})).toMatchObject([{ name: "b", source: { filename: "b-1-cp313-cp313-manylinux_2_17_x86_64.whl" } }]);
  for (const more of [{ extras: ["web"] }, { groups: ["docs"] }]) {
    expect(select(more)[1]).toMatchObject({ name: "c", source: { kind: "git", commit: "a".repeat(40) } });
  }
  const refused: readonly [Partial<LockRequest>, string, string][] = [
    [{ extras: ["none"] }, PYLOCK, "the lock has no extra none"],
    [{}, PYLOCK.replace("'linux'", "'win32'"), "the lock is for other platforms"],
    [{}, PYLOCK.replace('"1.0"', '"2.0"'), 'the lock-version is "2.0"'],
    [{}, PYLOCK.replace(">=3.11", "<3.13"), "the lock is for Python <3.13"],
  ];
  for (const [more, text, says] of refused) expect(await renderError(() => select(more, text))).toContain(says);
});

test("pylock.toml: sources other than files", async () => {
  const select = (source: string) =>
    selectPackages(
      request(`lock-version = "1.0"\n[[packages]]\nname = "b"\n${source}\n`, {}, "pylock.toml"),
      AMD64,
    ).map((one) => one.source);
  const commit = `commit-id = "${"a".repeat(40)}"`;
  expect(select(`vcs = { type = "git", url = "https://user:secret@h/b.git", ${commit}, subdirectory = "x" }`)).toEqual([
    { kind: "git", url: "https://h/b.git", commit: "a".repeat(40), subdirectory: "x" },
  ]);
  expect(select(`vcs = { type = "git", url = "ssh://git:secret@h/b.git", ${commit} }`)).toMatchObject([
    { url: "ssh://git@h/b.git" },
  ]);
  expect(select('directory = { path = "libs", subdirectory = "b" }')).toEqual([{ kind: "local", path: "libs/b" }]);
  expect(select(`archive = { path = "b.zip", hashes = { sha256 = "${HASH}" } }`)).toEqual([
    { kind: "local", path: "b.zip", sha256: HASH },
  ]);
  const refused = [
    [`vcs = { type = "git", path = "../b", ${commit} }`, "no URL that a build can clone"],
    ['vcs = { type = "git", url = "https://h/b", commit-id = "--exec=x" }', "names no commit"],
    [`vcs = { type = "git", url = "https://h/b", ${commit}, subdirectory = "../x" }`, "leads out of the repository"],
    [`marker = "'b' == extras"\n${`directory = { path = "b" }`}`, "extras cannot be compared with =="],
  ] as const;
  for (const [source, says] of refused) expect(await renderError(() => select(source))).toContain(says);
});

const PDM = `[metadata]
groups = ["default", "web"]
strategy = ["inherit_metadata", "static_urls"]
lock_version = "4.5.0"
[[package]]
name = "b"
version = "1"
groups = ["default"]
marker = "python_version >= \\"3.11\\""
files = [{url = "https://h/b-1.tar.gz", hash = "sha256:${HASH}"}]
[[package]]
name = "c"
version = "1"
groups = ["web"]
files = [{url = "https://h/c-1-py3-none-any.whl", hash = "sha256:${HASH}"}]
`;

test("pdm.lock: packages of the groups; only with URLs", async () => {
  const select = (more: Partial<LockRequest>, text = PDM) => selectPackages(request(text, more, "pdm.lock"), AMD64);
  expect(select({})).toMatchObject([{ name: "b", source: { kind: "sdist", filename: "b-1.tar.gz" } }]);
  expect(select({ groups: ["web"] }).map(({ name }) => name)).toEqual(["b", "c"]);
  const git = PDM.replace(
    /files = \[.*b-1\.tar\.gz.*\]/,
    `git = "https://u:p@h/b"\nrevision = "${"a".repeat(40)}"\nsubdirectory = "x"`,
  );
  expect(select({}, git)[0]?.source).toEqual({
    kind: "git",
    url: "https://h/b",
    commit: "a".repeat(40),
    subdirectory: "x",
  });
  const twice = `${PDM}[[package]]\nname = "b"\nversion = "2"\ngroups = ["default"]\nfiles = []\n`;
  expect(await renderError(() => select({}, twice))).toContain("the lock has b twice");
  for (const target of ['platform = "windows"', 'requires_python = "<3.12"', 'implementation = "pypy"']) {
    const other = PDM.replace("[[package]]", `[[metadata.targets]]\n${target}\n[[package]]`);
    expect(await renderError(() => select({}, other))).toContain("the lock is for other platforms");
    const two = other.replace("[[package]]", '[[metadata.targets]]\nplatform = "manylinux_2_17_x86_64"\n[[package]]');
    expect(select({}, two)).toHaveLength(1);
  }
  const message = await renderError(() => select({}, PDM.replace(', "static_urls"', "")));
  expect(message).toContain("run pdm lock --strategy static_urls,inherit_metadata");
});

test("a candidate of a Python counts as that Python", () => {
  const lock = uv(`${ROOT}dependencies = [{ name = "b" }]`, entry("b")).replace(">=3.11", ">=3.15");
  expect(names(lock, {}, { ...AMD64, pythonVersion: "3.15.0rc1" })).toEqual(["b"]);
});
