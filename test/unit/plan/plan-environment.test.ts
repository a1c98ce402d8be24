import { expect, test } from "vitest";
import { llbOf } from "../../support/emitting.ts";
import { errorsOf, planOf, warningsOf } from "../../support/planning.ts";

const project = (env: string, key = "env"): string =>
  `[project]\nname = "x"\n[build-system]\n[tool.microb.target.default]\n[tool.microb.target.default.${key}]\n${env}`;

/** The environment that a container of the image starts with. */
async function environment(env: string, buildArgs = {}): Promise<Readonly<Record<string, string>>> {
  const { plan } = await planOf(project(env), { buildArgs });
  const entries = (llbOf(plan).config.config?.Env ?? []).map((entry) => entry.split(/=(.*)/s).slice(0, 2));
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

test("the environment of an image without env", async () => {
  expect(await environment("")).toMatchInlineSnapshot(`
    {
      "LANG": "C.UTF-8",
      "PATH": "/home/nonroot/.local/bin:/usr/local/bin:/usr/bin:/bin",
      "PYTHONFAULTHANDLER": "1",
      "PYTHONUNBUFFERED": "1",
    }
  `);
});

test("values see the base image, build arguments, and what was set before", async () => {
  const env = `Z = "\${ARG:-none}"\nA = "$Z/$LANG/\${NONE:-d}"\nPATH = "/x:$PATH"\nARG = "own"\nB = "$ARG"\n`;
  expect(await environment(env, { ARG: "given" })).toMatchObject({
    Z: "given",
    A: "given/C.UTF-8/d",
    PATH: "/x:/home/nonroot/.local/bin:/usr/local/bin:/usr/bin:/bin",
    ARG: "own",
    B: "own",
  });
});

test("the order of the file is kept, whatever the names", async () => {
  const { plan } = await planOf(project('Z = "1"\nA = "2"\n_1 = "3"\n'));
  const names = plan.stages[1]?.steps.flatMap((step) => (step.kind === "env" && step.origin ? [step.name] : []));
  expect(names).toEqual(["Z", "A", "_1"]);
});

test("microb's own settings give way", async () => {
  expect(await environment('PYTHONUNBUFFERED = ""\n')).toMatchObject({ PYTHONUNBUFFERED: "", PYTHONFAULTHANDLER: "1" });
});

test("a variable that nothing sets is empty, with one warning at its value", async () => {
  const { plan } = await planOf(project('A = "x$NONE"\n'));
  const { config, warnings } = llbOf(plan);
  expect(config.config?.Env).toContain("A=x");
  expect(warnings).toMatchObject([
    { code: "substitution.unset", message: "nothing sets the variable NONE: it is empty" },
  ]);
});

test("environment is an old name of env", async () => {
  const text = project('A = "1"\n', "environment");
  expect(await warningsOf(text)).toMatchInlineSnapshot(`
    "pyproject.toml:5:29: warning: "environment" is the old name of "env" [key.deprecated]
      5 | [tool.microb.target.default.environment]
        |                             ^^^^^^^^^^^
      help: rename it"
  `);
  expect(await errorsOf(`${text}[tool.microb.target.default.env]\n`)).toContain("[key.conflict]");
});
