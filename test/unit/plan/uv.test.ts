import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parseToml } from "../../../src/config/parse-toml.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { encodeDefinition } from "../../../src/llb/definition.ts";
import { ENCODE, UV_SETTINGS } from "../../../src/plan/pip-functions.ts";
import type { RunStep } from "../../../src/plan/step.ts";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { errorsOf, planOf, type Surroundings } from "../../support/planning.ts";

const project = (target: string, rest = 'dependencies = ["six"]'): string => `[project]
name = "x"
${rest}
[build-system]
requires = ["setuptools"]
[tool.microb.target.default]
installer = "uv"
${target}
`;

async function stepsOf(text: string, surroundings?: Surroundings): Promise<readonly RunStep[]> {
  const { plan } = await planOf(text, surroundings);
  return (plan.stages[0]?.steps ?? []).filter((step): step is RunStep => step.kind === "run");
}

async function stepOf(title: string, text: string, surroundings?: Surroundings): Promise<RunStep | undefined> {
  return (await stepsOf(text, surroundings)).find((step) => step.title.startsWith(title));
}

test("one step brings uv into the builder, two more call it", async () => {
  const steps = await stepsOf(project(""));
  expect(steps.map(({ title }) => title)).toEqual([
    "install uv",
    "create the environment",
    "install project.dependencies",
    "install the project",
  ]);
  expect(steps[0]).toMatchObject({
    commands: ["pip install --no-compile uv"],
    mounts: [{ kind: "cache", target: "/root/.cache/pip" }],
    origin: ["tool", "microb", "target", "default", "installer"],
  });
  for (const [position, what] of [
    [2, "six"],
    [3, "--no-deps /projectdir"],
  ] as const) {
    const command = `uv pip install --python /home/nonroot/.local/bin/python ${what} && rm -f /home/nonroot/.local/.lock && `;
    expect(steps[position]?.commands.filter((one) => one.startsWith(command))).toHaveLength(1);
    expect(steps[position]?.mounts).toEqual([{ kind: "cache", target: "/root/.cache/uv", sharing: "shared" }]);
  }
  expect(steps.flatMap(({ commands }) => commands).join("\n")).not.toContain("compile-bytecode");
});

test("pip is the default, and named or not the same", async () => {
  const text = project('indices = [{ url = "https://h/a", trust = true }]').replace('"uv"', '"pip"');
  const unnamed = text.replace(/^installer.*\n/m, "");
  expect((await planOf(text)).plan).toEqual((await planOf(unnamed)).plan);
});

test("uv is not there where nothing is installed", async () => {
  expect(await stepOf("install uv", project('install = "source"', ""))).toBeUndefined();
});

test("the options of indices go to pip for uv, and to what tells uv of them", async () => {
  const text = project('indices = [{ url = "https://h/a", trust = true }]');
  const options = "--extra-index-url https://h/a --trusted-host h";
  expect((await stepOf("install uv", text))?.commands.join("\n")).toContain(`--no-compile ${options} uv \\\n`);
  const commands = (await stepOf("install project.dep", text))?.commands.join("\n");
  expect(commands).toContain(`settings ${options} > /dev/shm/microb/uv.toml`);
  expect(commands).not.toContain("unset");
});

test("a default index counts more than uv's own variables", async () => {
  const text = project('indices = [{ url = "https://h/a", default = true }]');
  const commands = (await stepOf("install project.dep", text))?.commands.join("\n");
  expect(commands).toContain("unset UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL");
});

const LITERAL = '{ url = "https://h/simple/", username = "ann.miller", password = "Zk8mQ4nYp" }';
const SECRET = '{ url = "https://h/simple/", username_secret = "u", password_secret = "p" }';

test.each([LITERAL, SECRET])("with credentials nothing is kept: %s", async (index) => {
  const text = project(`indices = [${index}]`);
  for (const title of ["install uv", "install project.dependencies", "install the project"]) {
    const step = await stepOf(title, text);
    expect(step?.mounts.filter(({ kind }) => kind === "cache")).toEqual([]);
    const commands = step?.commands.join("\n") ?? "";
    expect(commands).toMatch(/ 2>&1 \| mask && test -e /);
    expect(commands).toContain(title === "install uv" ? "PIP_NO_CACHE_DIR=1" : "UV_NO_CACHE=1");
  }
  const { plan } = await planOf(text);
  const { definition, config } = llbOf(plan);
  const readings = [JSON.stringify(plan), dockerfileOf(plan), JSON.stringify(config)];
  for (const reading of [...readings, Buffer.from(encodeDefinition(definition)).toString("latin1")]) {
    expect(reading).not.toMatch(/ann\.miller|Zk8mQ4nYp/);
  }
});

test.each([
  ["a==1\n", "--requirement"],
  ["a==1 --hash=sha256:00\n", "--require-hashes --requirement"],
  ["a==1 \\\n    --hash sha256:00\n", "--require-hashes --requirement"],
  ["--require-hashes\na==1\n", "--require-hashes --requirement"],
  ["-r b.txt\n", "--require-hashes --requirement"],
  ["# --hash=sha256:00\na @ https://h/a--hash=.zip\n", "--requirement"],
])("as with pip, one hash takes all: %j", async (requirements, options) => {
  const files = { "r.txt": requirements, "b.txt": "b==1 --hash=sha256:00\n" };
  const step = await stepOf("install requirements", project('requirements = "r.txt"'), { files });
  expect(step?.commands.join("\n")).toContain(`python ${options} /requirements/r.txt`);
});

test("with a lock the key means nothing", async () => {
  const files = {
    "uv.lock":
      'version = 1\nrequires-python = ">=3.9"\n[[package]]\nname = "x"\nversion = "1"\nsource = { virtual = "." }\n',
  };
  const text = project("", "");
  expect(await errorsOf(text, { files })).toContain("installer is for builds without a lock, but this build has one");
  expect(await stepOf("install uv", project("lock = false"), { files })).toBeDefined();
});

const hasPip = spawnSync("python", ["-Ic", "import pip"]).status === 0;

describe.skipIf(!hasPip)("what uv is told", () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-uv-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** What the function prints, in an environment of its own, with a configuration of pip. */
  function settings(pipConf: string, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const file = join(directory, "pip.conf");
    writeFileSync(file, pipConf);
    const { PATH = "" } = process.env;
    const ran = spawnSync("sh", ["-c", `${UV_SETTINGS} && settings "$@"`, "sh", ...options], {
      env: { PATH, HOME: directory, PIP_CONFIG_FILE: file, ...env },
      encoding: "utf8",
    });
    const toml = sourceText("uv.toml", ran.stdout);
    return { ...ran, told: ran.status === 0 ? parseToml(toml, toml).table : undefined };
  }
  const entry = (url: string, isDefault: boolean) => ({ url, default: isDefault, "ignore-error-codes": [403] });

  test("nothing but pip's defaults", () => {
    expect(settings("").told).toEqual({
      "index-strategy": "unsafe-best-match",
      "no-sources": true,
      "no-index": false,
      "find-links": [],
      "allow-insecure-host": [],
      index: [],
    });
  });

  test("pip's configuration, variables and options, the last index first", () => {
    const conf = "[global]\nindex-url = http://mirror/simple\ntrusted-host = mirror\nfind-links = /wheels\n";
    const { told } = settings(conf, ["--extra-index-url", "https://a/", "--extra-index-url", "https://b/@c/"]);
    expect(told).toMatchObject({
      "find-links": ["/wheels"],
      "allow-insecure-host": ["mirror"],
      index: [entry("https://b/@c/", false), entry("https://a/", false), entry("http://mirror/simple", true)],
    });
    const variables = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: "/a /b" };
    expect(settings("", [], variables).told).toMatchObject({ "no-index": true, "find-links": ["/a", "/b"], index: [] });
  });

  test("plain http takes trust, as for pip", () => {
    const { status, stderr } = settings("", ["--extra-index-url", "http://h/simple"]);
    expect(status).toBe(1);
    expect(stderr).toContain("microb: plain http takes trust = true");
  });

  test("any credential arrives as it is", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, (user, password) => {
        fc.pre(!/[\r\n\0]|\p{Cs}/u.test(user + password));
        const encoded = [user, password].map((one) =>
          spawnSync("sh", ["-c", `${ENCODE} && encode`], { input: one, encoding: "utf8" }).stdout.trim(),
        );
        const { told } = settings(`[global]\nextra-index-url =\n  https://${encoded.join(":")}@h/simple/\n`);
        const { url } = (told as { index: readonly { url: string }[] }).index[0] ?? { url: "" };
        const parsed = new URL(url);
        expect([parsed.username, parsed.password].map(decodeURIComponent)).toEqual([user, password]);
        expect(url).toMatch(/^https:\/\/[!-~]+:[!-~]+@h\/simple\/$/);
      }),
      { numRuns: 15 },
    );
  });
});
