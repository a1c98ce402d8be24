import { describe, expect, test } from "vitest";
import { errorsOf, type Surroundings } from "../../support/planning.ts";
import { processorTime } from "../../support/processor-time.ts";

const PROJECT = '[project]\nname = "app"\n[build-system]\n';
const TARGET = `${PROJECT}[tool.microb.target.default]\n`;

/** What can be wrong, with what surrounds it. What the user reads of each is in the snapshot, for review. */
const CASES: Readonly<Record<string, readonly [text: string, surroundings?: Surroundings]>> = {
  "invalid TOML": ['[project]\nname = "app\n'],
  "a cookiecutter template": [
    '[project]\nname = "{{ cookiecutter.name }}"\n{% if cookiecutter.cli == "y" %}\n[project.scripts]\n{% endif %}\n',
  ],
  "an unknown key": [`${TARGET}flavour = "alpine"\n`],
  "an unknown table": [`${PROJECT}[tool.microb.targets.web]\n`],
  "an unknown quoted key": [`${TARGET}"entry point" = []\n`],
  "an unknown dotted key": [`tool.microb.target.web.colour = 1\n${PROJECT}`],
  "an unknown key of an inline table": [
    `${PROJECT}[tool.microb.target]\nweb = { env = { A = "b" }, colour = "red" }\n`,
  ],
  "wrong types": [
    `${TARGET}flavor = 1\nbuild_deps = "git"\nsystem_deps = [1]\nenv = []\nlabels = { a = true }\nentrypoint = "serve"\nextras = [[]]\nrequirements = {}\npython_version = 3.11\n`,
  ],
  "a date where a table is wanted": [`${PROJECT}[tool.microb]\ntarget = 2024-01-01\n`],
  "an array of tables where a table is wanted": [`${PROJECT}[[tool.microb.target]]\nflavor = "alpine"\n`],
  "wrong types of the project": [
    '[project]\nname = 1\nversion = 1.0\nlicense = []\nrequires-python = 3\ndependencies = "flask"\nscripts = []\nauthors = [1]\n',
  ],
  "a project without a name": ['[project]\nversion = "1"\n'],
  "an unsupported version of the table": [`${TARGET}api_version = "v2"\n`],
  "an unknown flavor": [`${TARGET}flavor = "ubuntu"\n`],
  "no versions of Python": [`${TARGET}python_version = "3.011"\n[tool.microb.target.b]\npython_version = "2.7"\n`],
  "names that are no packages": [`${TARGET}build_deps = ["git", "-o x", "a b", "$(id)", "libpq5=15.1-1", ""]\n`],
  "names that are no variables": [`${TARGET}env = { "1A" = "x", "A-B" = "x", "" = "x", "A=B" = "x", A = "x" }\n`],
  "names that are no labels": [`${TARGET}labels = { "a b" = "x", "" = "x", "a=b" = "x", "a\\u0085b" = "x" }\n`],
  "names that are no extras": [`${TARGET}extras = ["a b", "-x", "a\\nUSER root", ""]\n`],
  "a path that leaves the context": [`${TARGET}requirements = "../lock.txt"\n`],
  "a missing requirements file": [`${TARGET}requirements = "requirements.lock"\n`],
  "an unknown extra": [
    `[project]\nname = "app"\n[project.optional-dependencies]\nweb_server = []\ndev = []\n[build-system]\n[tool.microb.target.default]\nextras = ["webserver", "Web.Server"]\n`,
  ],
  "extras next to a requirements file": [
    `${TARGET}extras = ["web"]\nrequirements = "lock.txt"\n[project.optional-dependencies]\nweb = []\n`,
    { files: { "lock.txt": "flask\n" } },
  ],
  "no such target": [`${TARGET}`, { target: "web" }],
  "a Python that the project refuses": [
    `${TARGET}python_version = "3.10"\n`.replace('"app"', '"app"\nrequires-python = ">=3.11"'),
  ],
  "a .python-version that the project refuses": [
    PROJECT.replace('"app"', '"app"\nrequires-python = ">=3.11"'),
    { files: { ".python-version": "# for pyenv\n3.10.4\n" } },
  ],
  "a Python that is none": [PROJECT.replace('"app"', '"app"\nrequires-python = "^3.11"')],
  "no Python meets it": [PROJECT.replace('"app"', '"app"\nrequires-python = ">=3.9,<3.9"')],
  "requirements that are none": [
    PROJECT.replace('"app"', '"app"\ndependencies = ["flask", "-e .", "requests >= 2.*", "a @", """b\nc"""]'),
  ],
  "dependencies that nothing would install": ['[project]\nname = "app"\ndynamic = ["dependencies"]\n'],
  "references that are broken": [
    `${TARGET}env = { A = "\${", B = "\${X!}", C = "\${X:-", D = "\${TAG:?set it with --build-arg}" }\n`,
    { buildArgs: { TAG: "" } },
  ],
  "an old name next to the new one": [`${TARGET}env = { A = "1" }\nenvironment = { B = "1" }\n`],
  "a NUL": [`${TARGET}command = ["a\\u0000b"]\n`],
  "__proto__ everywhere": [
    `${PROJECT}[tool.microb.target.__proto__]\n[tool.microb.target.a]\n__proto__ = 1\n[tool.microb.target.a.env]\n__proto__ = "x"\n[tool.microb.target.a.labels]\n__proto__ = "x"\n[project.urls]\n__proto__ = 5\n[project.optional-dependencies]\n__proto__ = 5\n`,
  ],
  "a byte order mark": [`\uFEFF${PROJECT}`],
  "carriage returns, tabs and wide characters": [
    `${PROJECT}# 日本語\n[tool.microb.target.default]\n\t"日本😀" = "x" # 😀\n\tlabels = { "日本" = 1 }\n`.replaceAll(
      "\n",
      "\r\n",
    ),
  ],
  "a requirements file with everything wrong": [
    `${TARGET}requirements = "deploy/lock.txt"\n`,
    {
      files: {
        "deploy/lock.txt":
          "flask==3.0 \\\n  --hash=sha256:aa # fine\n-r missing.txt\n\t-c ../../outside.txt\nrequests >= 2.*\n-r /etc/passwd\nflask:3\n",
      },
    },
  ],
};

describe("what is wrong is told with its place", () => {
  test.each(Object.entries(CASES))("%s", async (_, [text, surroundings]) => {
    const rendered = await errorsOf(text, surroundings);
    expect(rendered).toMatchSnapshot();
    const headlines = rendered.split("\n").filter((line) => line.includes(": error: "));
    expect(headlines.length).toBeGreaterThan(0);
    for (const headline of headlines) expect(headline).toMatch(/^[\w./-]+:\d+:\d+: error: .* \[[a-z]+\.[a-z-]+\]$/);
    expect(rendered).not.toMatch(/\n\s+at .*:\d+:\d+|undefined|\[object|NaN/);
  });
});

/** Files as large as may be that are made to take long, with the code of what is wrong with them. */
const LARGE: Readonly<Record<string, readonly [text: string, code: string]>> = {
  "unknown keys": [
    `${TARGET}${Array.from({ length: 20_000 }, (_, index) => `key${index} = 1\n`).join("")}`,
    "config.unknown-key",
  ],
  "unknown targets": [
    `${PROJECT}${Array.from({ length: 12_000 }, (_, index) => `[tool.microb.target.t${index}]\n`).join("")}`,
    "target.unknown",
  ],
  "wrong elements": [`${TARGET}build_deps = [${"1,".repeat(190_000)}]\n`, "diagnostic.limit"],
  "wrong requirements": [
    PROJECT.replace('"app"', `"app"\ndependencies = [${"'-',".repeat(95_000)}]`),
    "requirement.invalid",
  ],
  "nested arrays": [`${TARGET}x = ${"[".repeat(190_000)}${"]".repeat(190_000)}\n`, "config.unknown-key"],
  "nested variables": [`${TARGET}env.A = '${"${A:-".repeat(60_000)}${"}".repeat(60_000)}'\n`, "substitution.invalid"],
  "one long string": [`${TARGET}flavor = "${"x".repeat(390_000)}"\n`, "config.value"],
  "one long key": [`${TARGET}${"x".repeat(390_000)} = 1\n`, "config.unknown-key"],
  "one long specifier": [
    PROJECT.replace('"app"', `"app"\nrequires-python = "${">=3,".repeat(30_000)}x"`),
    "project.metadata",
  ],
};

describe("what is large and wrong is told in time, and not at length", () => {
  test.each(Object.entries(LARGE))(
    "%s",
    async (_, [text, code]) => {
      const started = processorTime();
      const rendered = await errorsOf(text);
      expect(processorTime() - started).toBeLessThan(15_000);
      expect(rendered).toContain(`[${code}]`);
      expect(rendered.length).toBeLessThan(60_000);
    },
    30_000,
  );
});
