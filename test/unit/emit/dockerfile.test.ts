import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { emitDockerfile } from "../../../src/emit/dockerfile.ts";
import { dockerfileOf } from "../../support/emitting.ts";
import { planOf, renderError, type Surroundings } from "../../support/planning.ts";
import { PROJECTS } from "../../support/projects.ts";

/** The Dockerfile that cannot be. */
async function unsayable(text: string, surroundings?: Surroundings): Promise<string> {
  const { plan } = await planOf(text, surroundings);
  return renderError(() => emitDockerfile(plan, sourceText("pyproject.toml", text)));
}

test.each(Object.keys(PROJECTS))("a Dockerfile reads as if a careful person had written it: %s", async (name) => {
  const { plan } = await planOf(PROJECTS[name] ?? "", { buildArgs: { TAG: "v1" } });
  const text = dockerfileOf(plan);
  expect(text).toMatchSnapshot();
  expect(text).not.toMatch(/[ \t]\n|\n\n\n|<<|\n$\n/);
  for (const line of text.split("\n")) expect(line.length).toBeLessThan(500);
});

test("line breaks in values are told at their entries, all of them", async () => {
  const target = '[tool.microb.target.default]\nenv.A = \'a\'\nenv.B = "a\\nb"\nlabels.c = "a\\rb"\n';
  expect(await unsayable(`[project]\nname = "x"\ndescription = """a\nb"""\n${target}`)).toMatchInlineSnapshot(`
    "3 errors:

    pyproject.toml:3:15: error: a line break in a value: a Dockerfile cannot express this, but \`docker build\` with microb can build it [dockerfile.unsayable]
      3 | description = """a
        |               ^

    pyproject.toml:7:9: error: a line break in a value: a Dockerfile cannot express this, but \`docker build\` with microb can build it [dockerfile.unsayable]
      7 | env.B = "a\\nb"
        |         ^^^^^^

    pyproject.toml:8:12: error: a line break in a value: a Dockerfile cannot express this, but \`docker build\` with microb can build it [dockerfile.unsayable]
      8 | labels.c = "a\\rb"
        |            ^^^^^^"
  `);
});

test("a path that no mount takes is told at its key", async () => {
  const text = '[project]\nname = "x"\n[tool.microb.target.default]\nrequirements = "my, file.txt"\n';
  expect(await unsayable(text, { files: { "my, file.txt": "flask\n" } })).toMatchInlineSnapshot(`
    "pyproject.toml:4:16: error: the path "my, file.txt" cannot stand in a mount: a Dockerfile cannot express this, but \`docker build\` with microb can build it [dockerfile.unsayable]
      4 | requirements = "my, file.txt"
        |                ^^^^^^^^^^^^^^"
  `);
});

test("a line that older readers cannot take is told at its entry", async () => {
  const text = `[project]\nname = "x"\n[tool.microb.target.default]\nenv.A = "${"é".repeat(40_000)}"\n`;
  expect(await unsayable(text)).toMatch(/^pyproject\.toml:4:9: error: a line of more than 60 KiB: a Dockerfile cannot/);
});

test("words of commands are said with line breaks and all", async () => {
  const text = `[project]\nname = "x"\n[tool.microb.target.default]\ncommand = ["sh", "-c", "a\\nb \\"c\\" \\\\ $D 😀"]\n`;
  const { plan } = await planOf(text);
  const line = dockerfileOf(plan)
    .split("\n")
    .find((one) => one.startsWith("CMD "));
  expect(JSON.parse(line?.slice(4) ?? "")).toEqual(["sh", "-c", 'a\nb "c" \\ $D 😀']);
});
