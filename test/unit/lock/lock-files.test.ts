import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { hasMember } from "../../../src/lock/has-member.ts";
import type { LockRequest } from "../../../src/lock/lock-request.ts";
import type { LockedPackage } from "../../../src/lock/locked-package.ts";
import { lockedProjects } from "../../../src/lock/locked-projects.ts";
import { selectPackages } from "../../../src/lock/select-packages.ts";
import type { TargetEnvironment } from "../../../src/lock/target-environment.ts";
import { renderError } from "../../support/planning.ts";

const AMD64: TargetEnvironment = {
  platform: { os: "linux", architecture: "amd64" },
  pythonVersion: "3.13.1",
  libc: { kind: "glibc", version: "2.36" },
};
const HASH = "0".repeat(64);

function select(text: string, more: Partial<LockRequest> = {}, filename = "uv.lock"): readonly LockedPackage[] {
  return selectPackages({ source: sourceText(filename, text), extras: [], groups: [], directory: "", ...more }, AMD64);
}

function errors(text: string, more?: Partial<LockRequest>, filename?: string): Promise<string> {
  return renderError(() => select(text, more, filename));
}

/** A lock of uv with one package that the project needs. */
const uv = (more: string): string =>
  `version = 1\n[[package]]\nname = "app"\nsource = { editable = "." }\ndependencies = [{ name = "b" }]\n[[package]]\nname = "b"\nversion = "1"\n${more}\n`;

const file = (name: string, hash = `, hash = "sha256:${HASH}"`): string => `{ url = "https://h/${name}"${hash} }`;
const FROM_INDEX = 'source = { registry = "https://pypi.org/simple" }';

test("only the file that is chosen needs a hash, and the message names it", async () => {
  const [linux, windows] = ["b-1-cp313-cp313-manylinux_2_17_x86_64.whl", "b-1-cp313-cp313-win_amd64.whl"];
  const wheels = (...files: readonly string[]): string => uv(`${FROM_INDEX}\nwheels = [${files.join(", ")}]`);
  expect(select(wheels(file(linux), file(windows, "")))).toMatchObject([{ source: { filename: linux, sha256: HASH } }]);
  expect(await errors(wheels(file(linux, ""), file(windows)))).toContain(
    `error: it has a file without a sha256: ${linux} [`,
  );
  expect(await errors(wheels(file(linux, `, hash = "sha512:${HASH}"`)))).toContain(
    `${linux} (it has sha512, which BuildKit cannot check)`,
  );
  const pylock = `lock-version = "1.0"\n[[packages]]\nname = "b"\nsdist = { url = "https://h/b-1.tar.gz", hashes = { sha512 = "00", blake2b = "00" } }\n`;
  expect(await errors(pylock, {}, "pylock.toml")).toContain(
    "b-1.tar.gz (it has sha512, blake2b, which BuildKit cannot check)",
  );
});

test("files of an index that is a directory come from the context, with a hash if the lock has one", async () => {
  const flat = (more: string, registry = "wheels"): string => uv(`source = { registry = "${registry}" }\n${more}`);
  const wheel = "b-1-py3-none-any.whl";
  expect(select(flat(`wheels = [{ path = "${wheel}" }]`))).toMatchObject([
    { source: { kind: "local", path: `wheels/${wheel}` } },
  ]);
  expect(
    select(flat(`wheels = [{ path = "deep/${wheel}", hash = "sha256:${HASH}" }]`, "./wheels"), {}, "svc/uv.lock"),
  ).toMatchObject([{ source: { path: `svc/wheels/deep/${wheel}`, sha256: HASH } }]);
  expect(select(flat('sdist = { path = "b-1.tar.gz" }', "../wheels"), {}, "svc/uv.lock")).toMatchObject([
    { source: { path: "wheels/b-1.tar.gz" } },
  ]);
  expect(await errors(flat(`wheels = [{ path = "${wheel}" }]`, "../wheels"))).toContain(
    "is not a path of the build context",
  );
  expect(await errors(flat(`wheels = [{ path = "${wheel}" }]`, "/wheels"))).toContain(
    "is not a path of the build context",
  );
  expect(await errors(flat('wheels = [{ path = "b-1-cp39-cp39-win32.whl" }]'))).toContain("[lock.no-file]");
});

test("a file by its path keeps its hash", () => {
  const wheel = "dist/b-1-py3-none-any.whl";
  expect(
    select(
      uv(`source = { path = "${wheel}" }\nwheels = [{ filename = "b-1-py3-none-any.whl", hash = "sha256:${HASH}" }]`),
    ),
  ).toMatchObject([{ source: { kind: "local", path: wheel, sha256: HASH } }]);
  const pylock = `lock-version = "1.0"\n[[packages]]\nname = "b"\nwheels = [{ path = "${wheel}", hashes = { sha256 = "${HASH}" } }]\n`;
  expect(select(pylock, {}, "pylock.toml")).toMatchObject([{ source: { kind: "local", path: wheel, sha256: HASH } }]);
});

test.each([
  ["pylock.toml", 'lock-version = "1.0"\n[[packages]]\nname = "app"\ndirectory = { path = "." }\n'],
  [
    "svc/pylock.toml",
    'lock-version = "1.0"\n[[packages]]\nname = "app"\ndirectory = { path = "./", editable = true }\n',
  ],
  [
    "pylock.toml",
    'lock-version = "1.0"\n[[packages]]\nname = "app"\ndirectory = { path = ".", subdirectory = "svc" }\n',
  ],
  [
    "pdm.lock",
    '[metadata]\ngroups = ["default"]\nstrategy = ["static_urls", "inherit_metadata"]\n[[package]]\nname = "app"\npath = "."\ngroups = ["default"]\n',
  ],
])("%s: the project itself is installed by a step of its own", (filename, text) => {
  const directory = filename.startsWith("svc") || text.includes("svc") ? "svc" : "";
  expect(select(text, { directory }, filename)).toEqual([]);
  expect(select(text, { directory: "other" }, filename)).toMatchObject([{ source: { kind: "local" } }]);
});

test("uv: a member that needs the project does not build it twice", () => {
  const text =
    'version = 1\n[[package]]\nname = "app"\nsource = { editable = "." }\n[[package]]\nname = "api"\nsource = { editable = "api" }\ndependencies = [{ name = "app" }]\n';
  expect(select(text, { root: "api" })).toEqual([]);
  expect(select(text, { root: "api", directory: "api" })).toMatchObject([{ name: "app" }]);
});

test("uv's first locks call packages distributions", async () => {
  const text = uv(`${FROM_INDEX}\nwheels = [${file("b-1-py3-none-any.whl")}]`).replaceAll(
    "[[package]]",
    "[[distribution]]",
  );
  expect(select(text)).toMatchObject([{ name: "b", source: { kind: "wheel" } }]);
  expect(lockedProjects(sourceText("uv.lock", text)).get("b")?.versions).toEqual(new Set(["1"]));
  expect(hasMember(sourceText("uv.lock", text), "")).toBe(true);
  expect(await errors(text.replace(HASH, ""))).toMatch(/^uv\.lock:7:1: /);
  expect(await errors(uv('source = "registry+https://pypi.org/simple"'))).toContain("[lock.unsupported]");
});

const BOTH = uv(`${FROM_INDEX}\nwheels = [${file("b-1-py3-none-any.whl")}]\nsdist = ${file("b-1.tar.gz")}`);
const SOURCE = uv(`${FROM_INDEX}\nsdist = ${file("b-1.tar.gz")}`);

test("what uv was told about building counts for what is built", async () => {
  expect(select(BOTH, { noBuild: "all" })).toMatchObject([{ source: { kind: "wheel" } }]);
  expect(select(BOTH, { noBinary: new Set(["b"]) })).toMatchObject([{ source: { kind: "sdist" } }]);
  expect(select(BOTH, { noBinary: new Set(["c"]), specialBuild: new Set(["b"]) })).toMatchObject([
    { source: { kind: "wheel" } },
  ]);
  expect(await errors(SOURCE, { noBuild: "all" })).toContain(
    "it must be built from source, but no-build of uv forbids that",
  );
  expect(await errors(BOTH, { noBuild: new Set(["b"]), noBinary: "all" })).toContain("it must be built from source");
  expect(await errors(SOURCE, { specialBuild: new Set(["b"]) })).toContain("[lock.unsupported]");
  expect(select(SOURCE, { specialBuild: new Set(["c"]), noBuild: new Set(["c"]) })).toMatchObject([
    { source: { kind: "sdist" } },
  ]);
});

test("a lock that is none, or has not the project, says what there is", async () => {
  expect(await errors('[metadata]\nlock-version = "2.1"\n', {}, "other.lock")).toContain(
    "this is not a lock that microb reads",
  );
  const members = uv(FROM_INDEX).replace('editable = "."', 'editable = "app"');
  expect(await errors(members, { root: "web" })).toMatchInlineSnapshot(`
    "uv.lock:1:1: error: the lock has no project web [lock.invalid]
      1 | version = 1
        | ^
      help: name one of its members with the member key: app"
  `);
});
