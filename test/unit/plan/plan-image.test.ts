import toml from "@iarna/toml";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeDefinition } from "../../../src/llb/definition.ts";
import { digestOf } from "../../../src/llb/digest.ts";
import { llb } from "../../../src/pb/generated.js";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { planOf } from "../../support/planning.ts";
import { PROJECTS } from "../../support/projects.ts";

const BUILD_ARGS = { TAG: "v1" };
const PROJECT_LIST = Object.entries(PROJECTS);

/** The table with its keys, and those of the tables in it, in another order. */
function shuffled(table: toml.JsonMap, random: () => number, path: readonly string[] = []): toml.JsonMap {
  const entries = Object.entries(table).map(([key, value]): [string, toml.AnyJson] => [
    key,
    isTable(value) ? shuffled(value, random, [...path, key]) : value,
  ]);
  // The order of variables counts: each sees those before it.
  const keys =
    path.at(-1) === "env"
      ? entries
      : entries
          .map((entry) => [random(), entry] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry);
  return Object.fromEntries(keys);
}

function isTable(value: toml.AnyJson): value is toml.JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

test.each(PROJECT_LIST)("the order of tables and keys does not change the plan: %s", async (_, text) => {
  const { plan } = await planOf(text, { buildArgs: BUILD_ARGS });
  const table = toml.parse(text);
  const texts = new Set<string>();
  const orders = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(orders, async (stream) => {
      const other = toml.stringify(shuffled(table, () => stream.next().value ?? 0));
      texts.add(other);
      expect((await planOf(other, { buildArgs: BUILD_ARGS })).plan).toEqual(plan);
    }),
    { numRuns: 40 },
  );
  expect(texts.size).toBeGreaterThan(1);
});

test.each(PROJECT_LIST)("the same file makes the same plan, Dockerfile and bytes: %s", async (_, text) => {
  const [one, other] = [await planOf(text), await planOf(text)];
  expect(one.plan).toEqual(other.plan);
  expect(dockerfileOf(one.plan)).toBe(dockerfileOf(other.plan));
  const [first, second] = [llbOf(one.plan), llbOf(other.plan)];
  expect(encodeDefinition(first.definition)).toEqual(encodeDefinition(second.definition));
  expect(JSON.stringify(first.config)).toBe(JSON.stringify(second.config));
});

test("the order of variables does change it", async () => {
  const env = (lines: string): string => `${PROJECTS["minimal"]}[tool.microb.target.default.env]\n${lines}`;
  const [one, other] = [await planOf(env('A = "1"\nB = "$A"\n')), await planOf(env('B = "$A"\nA = "1"\n'))];
  expect(llbOf(one.plan).config.config?.Env).toContain("B=1");
  expect(llbOf(other.plan).config.config?.Env).toContain("B=");
});

/** The digests of the steps that run a command with this text: BuildKit runs them again when they change. */
async function digests(text: string, command: string): Promise<readonly string[]> {
  const { plan } = await planOf(text, { buildArgs: BUILD_ARGS });
  return llbOf(plan).definition.def.flatMap((bytes) =>
    llb.Op.decode(bytes).exec?.meta?.args?.some((arg) => arg.includes(command)) ? [digestOf(bytes)] : [],
  );
}

const FULL = PROJECTS["full"] ?? "";
const INSTALLS_DEPENDENCIES = "'flask>=3'";

test.each<[string, (text: string) => string]>([
  ["the version", (text) => text.replace('version = "1.0"', 'version = "1.1"')],
  ["the description", (text) => text.replace("An app", "Another app")],
  ["the authors", (text) => text.replace("Ann", "Bob")],
  ["another tool's table", (text) => text.replace("line-length = 120", 'line-length = 80\nselect = ["ALL"]')],
  ["another target", (text) => text.replace('install = "source"', 'install = "package"\nflavor = "debian"')],
  ["a label", (text) => text.replace('"core"', '"other"')],
  ["the entrypoint", (text) => text.replace('["serve"]', '["admin"]')],
  ["system_deps", (text) => text.replace('"libpq"', '"libpq", "curl"')],
  [
    "the order of dependencies",
    (text) => text.replace(/dependencies = \[("flask>=3"), (.*)\]/, "dependencies = [$2, $1]"),
  ],
  ["the spelling of dependencies", (text) => text.replace("flask>=3", "Flask >= 3").replace("'3.12'", '\\"3.12\\"')],
  ["the order of packages", (text) => text.replace('"gcc", "musl-dev", "gcc"', '"musl-dev", "gcc"')],
  ["comments and lines", (text) => `# syntax=microb\n\n${text.replaceAll("\n", "\r\n")}`],
])("editing %s does not install the dependencies again", async (_, edit) => {
  const before = await digests(FULL, INSTALLS_DEPENDENCIES);
  expect(before).toHaveLength(1);
  expect(edit(FULL)).not.toBe(FULL);
  expect(await digests(edit(FULL), INSTALLS_DEPENDENCIES)).toEqual(before);
});

test.each<[string, (text: string) => string]>([
  ["a dependency", (text) => text.replace("zstd", "zstd>=1")],
  ["an extra", (text) => text.replace('["all", "web"]', '["web"]')],
  ["build_deps", (text) => text.replace('"musl-dev"', '"make"')],
  ["the Python", (text) => text.replace("<3.14", "<3.13")],
  ["env", (text) => text.replace('ZED = "1"', 'ZED = "2"')],
])("editing %s does", async (_, edit) => {
  const before = await digests(FULL, INSTALLS_DEPENDENCIES);
  const after = await digests(edit(FULL), INSTALLS_DEPENDENCIES);
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
});

test("every problem of a plan is told, not only the first", async () => {
  const text = `[project]\nname = "x"\nrequires-python = "nonsense"\ndependencies = ["-e ."]
[tool.microb.target.default]\nextras = ["none"]\nenv.A = "\${"\nlabels.b = "\${"\n`;
  await expect(planOf(text)).rejects.toMatchObject({
    diagnostics: [
      { code: "extra.unknown" },
      { code: "requirement.invalid" },
      { code: "substitution.invalid" },
      { code: "substitution.invalid" },
      { code: "project.metadata" },
    ],
  });
});
