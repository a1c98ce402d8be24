import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { lockedProjects } from "../../../src/lock/locked-projects.ts";

test("uv names extras where it names a package", () => {
  const text = `version = 1
[[package]]
name = "app"
version = "1"
source = { editable = "." }
dependencies = [{ name = "a-b", extra = ["One"] }]
[package.dev-dependencies]
docs = [{ name = "a-b", extra = ["two"] }]
[package.metadata]
requires-dist = [{ name = "a-b", extras = ["three"], specifier = ">=1" }]
[package.metadata.requires-dev]
docs = [{ name = "a-b", extras = ["four"] }]
[[package]]
name = "A_b"
version = "1"
[[package]]
name = "A_b"
version = "2"
`;
  const locked = lockedProjects(sourceText("uv.lock", text)).get("a-b");
  expect(locked?.versions).toEqual(new Set(["1", "2"]));
  expect([...(locked?.extras ?? [])].sort()).toEqual(["four", "one", "three", "two"]);
});

test("PDM has an entry for each set of extras, a pylock.toml does not tell", () => {
  const pdm =
    '[[package]]\nname = "a"\nversion = "1"\n[[package]]\nname = "a"\nversion = "1"\nextras = ["x"]\ndependencies = ["b", "a==1"]\n';
  expect([...(lockedProjects(sourceText("pdm.lock", pdm)).get("a")?.extras ?? [])]).toEqual(["x"]);
  const pylock = 'lock-version = "1.0"\n[[packages]]\nname = "a"\n';
  expect(lockedProjects(sourceText("pylock.toml", pylock)).get("a")).toEqual({ versions: new Set() });
});
