import { expect, test } from "vitest";
import { encodeDefinition } from "../../../src/llb/definition.ts";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { planOf, warningsOf } from "../../support/planning.ts";

const project = (target: string, indices: string): string => `[project]
name = "x"
dependencies = ["six"]
[build-system]
requires = ["setuptools"]
[tool.microb.target.${target}]
indices = [${indices}]
`;

/** The commands of the step that installs the dependencies. */
async function commandsOf(indices: string, target = "default"): Promise<readonly string[]> {
  const { plan } = await planOf(project(target, indices));
  const steps = plan.stages.flatMap((stage) => stage.steps);
  const step = steps.find((one) => one.kind === "run" && one.title.startsWith("install project.dependencies"));
  return step?.kind === "run" ? step.commands : [];
}

const LITERAL = '{ url = "https://h/simple/", username = "ann.miller", password = "Zk8mQ4nYp" }';
const SECRET = '{ url = "https://h/simple/", username_secret = "u", password_secret = "p" }';

test("indices without credentials are options", async () => {
  const commands = await commandsOf('{ url = "https://h/a", trust = true }, { url = "http://h:1/b" }');
  const options = "--extra-index-url https://h/a --extra-index-url http://h:1/b --trusted-host h six";
  expect(commands.join("\n")).toContain(`install --no-compile ${options} \\\n        || {`);
  expect(commands.join("\n")).not.toContain("pip.conf");
});

test("a default index stands in a configuration of its own, which variables cannot change", async () => {
  const commands = (await commandsOf('{ url = "https://h/a" }, { url = "https://h/b", default = true }')).join("\n");
  expect(commands).toContain(`'[global]' "index-url = $index1" 'extra-index-url =' "  $index0" >`);
  expect(commands).toContain("unset PIP_INDEX_URL PIP_EXTRA_INDEX_URL");
});

test("secrets are read in the step, and pip keeps nothing that it asked with", async () => {
  const commands = (await commandsOf(SECRET)).join("\n");
  expect(commands).toContain("index0=https://$(encode < /run/secrets/u):$(encode < /run/secrets/p)@h/simple/");
  expect(commands).toContain("PIP_NO_CACHE_DIR=1");
  expect(commands).toContain("need p 'tool.microb.target.default.indices[0].password_secret'\n");
});

test("literals stand in no plan and no reading, and are warned of", async () => {
  const text = project("default", LITERAL);
  const { plan } = await planOf(text);
  const { definition, config } = llbOf(plan);
  const readings = [JSON.stringify(plan), dockerfileOf(plan), JSON.stringify(config)];
  for (const reading of [...readings, Buffer.from(encodeDefinition(definition)).toString("latin1")]) {
    expect(reading).not.toMatch(/ann\.miller|Zk8mQ4nYp/);
  }
  const warnings = await warningsOf(text);
  expect(warnings).toContain("the build file contains the password of an index");
  expect(warnings).not.toMatch(/ann\.miller|Zk8mQ4nYp/);
});

test("a build file with literals is copied nowhere", async () => {
  for (const install of ["package", "source"]) {
    const { plan } = await planOf(`${project("default", LITERAL)}install = "${install}"\n`);
    const text = dockerfileOf(plan);
    expect(text).not.toMatch(/^COPY \. /m);
    expect(text).toContain("cp -a /context /projectdir && \\\n    rm -f /projectdir/pyproject.toml");
  }
});

test("a build file of another name is mounted as pyproject.toml when it holds literals", async () => {
  const location = { directory: "services/a", buildFile: "prod.toml" };
  const { plan } = await planOf(project("default", LITERAL), { location });
  const text = dockerfileOf(plan);
  expect(text).toContain("--mount=type=bind,source=services/a/prod.toml,target=/projectdir/pyproject.toml");
  expect(text).not.toContain("cp /projectdir");
});

test.each([LITERAL, SECRET])("a target's name is one line of the commands, whatever it holds", async (index) => {
  const commands = await commandsOf(index, JSON.stringify("a\nUSER root'; touch /tmp/pwned #"));
  for (const line of commands.join(" && ").split("\n")) expect(line).not.toMatch(/^\s*USER root/);
  expect(commands.join("\n")).toContain("a\\nUSER root'\\''; touch /tmp/pwned #");
});
