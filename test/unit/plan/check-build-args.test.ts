import { expect, test } from "vitest";
import { OWN_ARGUMENTS, ownArgument, splitArguments } from "../../../src/plan/build-args.ts";
import { errorsOf, planOf, warningsOf } from "../../support/planning.ts";

const project = (target = ""): string =>
  `[project]\nname = "x"\n[build-system]\n[tool.microb.target.default]\n${target}\n`;

test("arguments are told apart: proxies in any case, what BuildKit reads, and variables", () => {
  const args = new Map([
    ["HTTPS_PROXY", "http://p"],
    ["no_Proxy", "localhost"],
    ["BUILDKIT_SYNTAX", "x"],
    ["buildkit_x", "1"],
    ["A", ""],
  ]);
  expect(splitArguments(args)).toEqual({
    variables: new Map([
      ["buildkit_x", "1"],
      ["A", ""],
    ]),
    proxy: { https: "http://p", no: "localhost" },
  });
});

test.each(OWN_ARGUMENTS)("%s is read in any case", (name) => {
  for (const given of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(ownArgument(new Map([[given, "1"]]), name)).toBe("1");
  }
  expect(ownArgument(new Map([[`${name}S`, "1"]]), name)).toBeUndefined();
});

test.each(["MICROB_HERMETIC", "microb_hermetic", "Microb_Hermetic"])("%s=1 makes the build hermetic", async (name) => {
  expect((await planOf(project(), { buildArgs: { [name]: "1" } })).plan.hermetic).toBe(true);
});

test("mirrors are read in any case", async () => {
  const buildArgs = { microb_index_mirrors: "x" };
  expect(await errorsOf(project(), { buildArgs })).toContain("an entry that is not FROM=TO");
});

test.each(["MICROB_HERMETC", "microb_hermetc", "Microb_Mirrors"])("%s is no argument of microb", async (name) => {
  expect(await errorsOf(project(), { buildArgs: { [name]: "1" } })).toContain(
    `error: microb has no build argument ${name} [option.unknown]`,
  );
});

test("the error names what is meant", async () => {
  expect(await errorsOf(project(), { buildArgs: { MICROB_HERMETC: "1" } })).toMatchInlineSnapshot(`
    "error: microb has no build argument MICROB_HERMETC [option.unknown]
      help: did you mean "MICROB_HERMETIC"? known build arguments of microb: microb_target, MICROB_HERMETIC, MICROB_INDEX_MIRRORS"
  `);
});

test.each([
  'env = { A = "$MICROB_TEAM" }',
  'labels = { a = "${B:-$MICROB_TEAM}" }',
])("a value that uses such a name makes it a variable: %s", async (target) => {
  expect(await warningsOf(project(target), { buildArgs: { MICROB_TEAM: "core" } })).toBe("");
});

test("two values of one argument are an error, twice the same is not", async () => {
  const buildArgs = { MICROB_HERMETIC: "0", microb_hermetic: "1" };
  expect(await errorsOf(project(), { buildArgs })).toContain(
    "MICROB_HERMETIC has several values: it is given as MICROB_HERMETIC and microb_hermetic",
  );
  const same = { MICROB_HERMETIC: "0", microb_hermetic: "0" };
  expect(await warningsOf(project(), { buildArgs: same })).toBe("");
});

test("a name that is close to one of microb's is suggested with the warning", async () => {
  expect(await warningsOf(project(), { buildArgs: { MICROBHERMETIC: "1" } })).toContain(
    "did you mean MICROB_HERMETIC?",
  );
  expect(await warningsOf(project(), { buildArgs: { LOGLEVEL: "1" } })).toContain("help: write $LOGLEVEL in a value");
});
