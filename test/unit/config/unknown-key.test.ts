import { expect, test } from "vitest";
import * as z from "zod/mini";
import { addSchema, copySchema, indexSchema, microbSchema, targetSchema } from "../../../src/config/schema.ts";
import { unknownKeyHelp } from "../../../src/config/unknown-key.ts";
import { errorsOf } from "../../support/planning.ts";

const TARGET = ["tool", "microb", "target", "web"];

/** Every table of microb's own, with a way to it. A schema with another strict table fails the count below. */
const TABLES = [
  [["tool", "microb"], microbSchema],
  [TARGET, targetSchema],
  [[...TARGET, "indices", 1], indexSchema],
  [[...TARGET, "copy_files", 0], copySchema],
  [[...TARGET, "copy_files_before_build", 0], copySchema],
  [[...TARGET, "add_files", 0], addSchema],
  [[...TARGET, "add_files_before_build", 0], addSchema],
] as const;

test.each(TABLES)("in %j the keys of that table are listed, all of them", (path, schema) => {
  const keys = Object.keys(schema.shape).filter((key) => key !== "environment");
  expect(unknownKeyHelp("zzzzzzzzzzzz", path, 1)).toBe(`known keys: ${keys.join(", ")}`);
  for (const key of keys) expect(unknownKeyHelp(`${key}_`, path, 1)).toContain(`did you mean "${key}"?`);
});

test("those are all tables with keys of microb's own", () => {
  const strict = JSON.stringify(z.toJSONSchema(microbSchema)).split('"additionalProperties":false').length - 1;
  expect(strict).toBe(TABLES.length);
});

test.each([
  [["tool", "microb"], "flavor", "it is a key of [tool.microb.target.default]: write it there. known keys: target"],
  [[...TARGET, "indices", 0], "flavor", "it is a key of [tool.microb.target.web]: write it there."],
  [TARGET, "url", "it is a key of an entry of indices: write it there."],
  [TARGET, "src", "it is a key of an entry of copy_files or an entry of add_files: write it there."],
  [[...TARGET, "copy_files", 0], "checksum", "it is a key of an entry of add_files: write it there."],
  [[...TARGET, "add_files", 0], "from", "it is a key of an entry of copy_files: write it there."],
])("a key that stands in the wrong table is sent to its own: %j %s", (path, key, expected) => {
  expect(unknownKeyHelp(key, path, "x").startsWith(expected)).toBe(true);
});

test("a table below [tool.microb] was meant as a target", () => {
  expect(unknownKeyHelp("web", ["tool", "microb"], {})).toBe(
    "write [tool.microb.target.web] for a target of that name",
  );
  // An entry of indices has a key of this name.
  expect(unknownKeyHelp("default", ["tool", "microb"], {})).toBe(
    "write [tool.microb.target.default] for a target of that name",
  );
  expect(unknownKeyHelp("targets", ["tool", "microb"], {})).toBe('did you mean "target"? known keys: target');
});

test("what the user reads", async () => {
  const text = `[project]
name = "x"
[tool.microb]
python_version = "3.13"
[[tool.microb.target.web.indices]]
ulr = "https://h/"
flavor = "alpine"
`;
  expect(await errorsOf(text)).toMatchInlineSnapshot(`
    "4 errors:

    pyproject.toml:4:1: error: unknown key "python_version" in [tool.microb] [config.unknown-key]
      4 | python_version = "3.13"
        | ^^^^^^^^^^^^^^
      help: it is a key of [tool.microb.target.default]: write it there. known keys: target

    pyproject.toml:5:26: error: tool.microb.target.web.indices[0].url is required [project.metadata]
      5 | [[tool.microb.target.web.indices]]
        |                          ^^^^^^^

    pyproject.toml:6:1: error: unknown key "ulr" in [tool.microb.target.web.indices[0]] [config.unknown-key]
      6 | ulr = "https://h/"
        | ^^^
      help: did you mean "url"? known keys: url, username, password, username_secret, password_secret, trust, default

    pyproject.toml:7:1: error: unknown key "flavor" in [tool.microb.target.web.indices[0]] [config.unknown-key]
      7 | flavor = "alpine"
        | ^^^^^^
      help: it is a key of [tool.microb.target.web]: write it there. known keys: url, username, password, username_secret, password_secret, trust, default"
  `);
});

test("a key of a target that stands outside of microb's tables is an error", async () => {
  const text = `requirements = "requirements.txt"
[project]
name = "x"
build_deps = ["gcc"]
[tool]
lock = false
`;
  expect(await errorsOf(text)).toMatchInlineSnapshot(`
    "3 errors:

    pyproject.toml:1:1: error: "requirements" has no effect at the top of the file [config.unknown-key]
      1 | requirements = "requirements.txt"
        | ^^^^^^^^^^^^
      help: it is a key of [tool.microb.target.default]: write it there

    pyproject.toml:4:1: error: "build_deps" has no effect in [project] [config.unknown-key]
      4 | build_deps = ["gcc"]
        | ^^^^^^^^^^
      help: it is a key of [tool.microb.target.default]: write it there

    pyproject.toml:6:1: error: "lock" has no effect in [tool] [config.unknown-key]
      6 | lock = false
        | ^^^^
      help: it is a key of [tool.microb.target.default]: write it there"
  `);
});
