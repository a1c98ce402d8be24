import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { pyprojectJsonSchema } from "../../../script/json-schema.ts";
import { parseToml } from "../../../src/config/parse-toml.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";

const written = JSON.parse(readFileSync("docs/schema.json", "utf8"));
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
const isValid = ajv.compile(written);
/** The table alone, by the address that docs/usage.md gives to validate-pyproject. */
const isValidTable = ajv.compile({ $ref: `${written.$id}#/properties/tool/properties/microb` });

const EXAMPLES = readdirSync("examples").filter((name) => existsSync(join("examples", name, "pyproject.toml")));

function toml(text: string): unknown {
  const source = sourceText("pyproject.toml", text);
  return parseToml(source, source).table;
}

test("it is what npm run generate writes, in a draft that Taplo and validate-pyproject read, with a name", () => {
  expect(written).toEqual(pyprojectJsonSchema());
  expect(written).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: expect.stringMatching(/^https:/),
  });
});

test.each(EXAMPLES)("the build file of examples/%s is valid", (name) => {
  const file = toml(readFileSync(join("examples", name, "pyproject.toml"), "utf8"));
  expect(isValid(file), JSON.stringify(isValid.errors)).toBe(true);
});

test.each([
  ["flavor = 1", "/tool/microb/target/default/flavor"],
  ['flavour = "alpine"', "/tool/microb/target/default"],
  ['indices = [{ ulr = "https://h/" }]', "/tool/microb/target/default/indices/0"],
  ['copy_files = [{ src = "a" }]', "/tool/microb/target/default/copy_files/0"],
])("%s is not", (line, path) => {
  const file = toml(`[tool.microb.target.default]\n${line}\n`) as { tool: { microb: unknown } };
  expect(isValid(file)).toBe(false);
  expect(isValid.errors?.map(({ instancePath }) => instancePath)).toContain(path);
  expect(isValidTable(file.tool.microb)).toBe(false);
});

test("what is not microb's is none of its business", () => {
  expect(isValid(toml('[project]\nversion = 1\n[tool.ruff]\nline-length = "x"\n[x]\n'))).toBe(true);
  expect(isValidTable({})).toBe(true);
});
