import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { IGNORE_FILE, readIgnoreFile } from "../../../src/facts/ignore-file.ts";
import { lint } from "../../../src/lint/lint.ts";
import { RULES } from "../../../src/lint/rule.ts";
import { planProject } from "../../../src/plan/plan-project.ts";
import { llbOf } from "../../support/emitting.ts";
import { AMD64, ROOT, recordReader } from "../../support/planning.ts";

const PROJECT = '[project]\nname = "app"\nversion = "1"\n';
const BUILT = `${PROJECT}[build-system]\nrequires = []\n`;

function target(lines: string): string {
  return `${BUILT}[tool.microb.target.default]\n${lines}\n`;
}

function requires(...dependencies: readonly string[]): string {
  return `${PROJECT}dependencies = ${JSON.stringify(dependencies)}\n`;
}

type Project = string | Readonly<{ toml: string; files?: Readonly<Record<string, string>>; args?: readonly string[] }>;

/** For every rule what it is there for, and what looks like it and is not meant. */
const CASES: Readonly<Record<string, Readonly<{ fires: readonly Project[]; stays: readonly Project[] }>>> = {
  FloatingCopySource: {
    fires: [
      target('copy_files = [{ from = "nginx", src = "/a", dst = "/a" }]'),
      target('copy_files = [{ from = "r.example.org:5000/nginx:latest", src = "/a", dst = "/a" }]'),
      target('copy_files_before_build = [{ from = "nginx", src = "/a", dst = "/a" }]'),
    ],
    stays: [
      target('copy_files = [{ from = "nginx:1.29", src = "/a", dst = "/a" }]'),
      target(`copy_files = [{ from = "nginx@sha256:${"0".repeat(64)}", src = "/a", dst = "/a" }]`),
      target('copy_files = [{ from = "builder", src = "/a", dst = "/a" }, { src = "a", dst = "/a" }]'),
    ],
  },
  SecretInEnv: {
    fires: [
      target('env = { API_KEY = "7d3f" }'),
      target('env = { DB_PASSWORD = "x" }'),
      target('environment = { TOKEN = "x" }'),
    ],
    stays: [
      target('env = { TOKEN_FILE = "x", KEYBOARD = "de", TOKENIZER = "x" }'),
      target('env = { TOKEN = "/run/secrets/token", SECRET = "", AUTH = "true", PASSWORD = "$PASSWORD" }'),
    ],
  },
  ExtraIndexWithoutDefault: {
    fires: [target('indices = [{ url = "https://packages.example.org/simple/" }]')],
    stays: [
      target('indices = [{ url = "https://packages.example.org/simple/", default = true }]'),
      target('indices = [{ url = "https://pypi.org/simple" }]'),
    ],
  },
  LiteralPassword: {
    fires: [target('indices = [{ url = "https://h/", username = "u", password = "p", default = true }]')],
    stays: [target('indices = [{ url = "https://h/", username_secret = "u", password_secret = "p", default = true }]')],
  },
  TrustedIndex: {
    fires: [target('indices = [{ url = "https://h/", trust = true, default = true }]')],
    stays: [target('indices = [{ url = "https://h/", trust = false, default = true }]')],
  },
  DeprecatedKey: { fires: [target('environment = { A = "1" }')], stays: [target('env = { A = "1" }')] },
  UnusedBuildArg: {
    fires: [{ toml: target('env = { A = "$B" }'), args: ["A"] }],
    stays: [
      { toml: target('env = { A = "${B:-$C}" }\nlabels = { a = "$D" }'), args: ["B", "C", "D"] },
      { toml: target(""), args: ["SOURCE_DATE_EPOCH", "microb_target", "TARGETPLATFORM"] },
    ],
  },
  CompilerInImage: {
    fires: [target('system_deps = ["gcc"]'), target('system_deps = ["libpq-dev=15.1-1"]')],
    stays: [target('system_deps = ["libpq5", "gccgo-runtime"]\nbuild_deps = ["gcc", "libpq-dev"]')],
  },
  MissingLibrary: {
    fires: [requires("psycopg2"), requires("PyAudio>=0.2"), requires("mysqlclient; sys_platform == 'linux'")],
    stays: [
      requires("psycopg2-binary", "psycopg[binary]"),
      `${requires("psycopg2")}[tool.microb.target.default]\nsystem_deps = ["libpq5=15.1-1"]\n`,
      `${requires("psycopg2")}[tool.microb.target.default]\nflavor = "alpine"\nsystem_deps = ["libpq"]\n`,
    ],
  },
  NeededFileIgnored: {
    fires: [{ toml: BUILT, files: { ".dockerignore": "*.toml\n" } }],
    stays: [{ toml: BUILT, files: { ".dockerignore": "*.md\n" } }],
  },
  SecretBesideSource: {
    fires: [{ toml: target('install = "source"'), files: { ".env": "" } }],
    stays: [{ toml: target('install = "source"'), files: { ".env.example": "" } }],
  },
  MissingProjectFile: {
    fires: [BUILT.replace('version = "1"', 'version = "1"\nreadme = "R"')],
    stays: [BUILT],
  },
  UnusedRequirementsFile: {
    fires: [{ toml: PROJECT, files: { "requirements.txt": "flask\n" } }],
    stays: [{ toml: target('requirements = "r.txt"'), files: { "r.txt": "flask\n" } }],
  },
  DynamicDependencies: {
    fires: [`${BUILT}`.replace('version = "1"', 'version = "1"\ndynamic = ["dependencies"]')],
    stays: [BUILT],
  },
  NotInstallable: {
    fires: [`${PROJECT}scripts = { app = "app:main" }\n`],
    stays: [`${BUILT}[project.scripts]\napp = "app:main"\n`],
  },
  FloatingPython: {
    fires: [`${PROJECT}requires-python = ">=3.11"\n`, PROJECT],
    stays: [target('python_version = "3.13"'), { toml: PROJECT, files: { ".python-version": "3.13\n" } }],
  },
  CredentialsInRequirement: {
    fires: [requires("a @ https://user:word@h/a-1-py3-none-any.whl"), requires("a @ git+https://u:p@h/a.git@v1")],
    stays: [requires("a @ https://h/a-1-py3-none-any.whl"), requires("a @ git+ssh://git@h/a.git@v1")],
  },
  UnpinnedRequirements: {
    fires: [
      requires("flask"),
      requires("flask>=3"),
      requires("flask==3.*"),
      { toml: target('requirements = "r.txt"'), files: { "r.txt": "flask\n" } },
    ],
    stays: [
      requires("flask==3.1.3", "a @ https://h/a-1-py3-none-any.whl"),
      { toml: target('requirements = "r.txt"'), files: { "r.txt": "flask==3.1.3\n" } },
      PROJECT,
    ],
  },
  NoEntrypoint: {
    fires: [PROJECT, `${BUILT}[project.scripts]\na = "a:a"\nb = "b:b"\n`],
    stays: [target('entrypoint = ["a"]'), target('command = ["a"]'), `${BUILT}[project.scripts]\na = "a:a"\n`],
  },
  ProgramNotRequired: {
    fires: [target('entrypoint = ["gunicorn", "app:app"]')],
    stays: [`${requires("gunicorn")}[tool.microb.target.default]\nentrypoint = ["gunicorn", "app:app"]\n`],
  },
  SettingNeedsLock: {
    fires: [`${BUILT}[tool.uv]\noverride-dependencies = ["a"]\n`],
    stays: [
      `${target("lock = false")}[tool.uv]\noverride-dependencies = ["a"]\n`,
      `${BUILT}[tool.uv]\npackage = true\n`,
    ],
  },
  UnreadLock: {
    fires: [{ toml: BUILT, files: { "poetry.lock": "" } }],
    stays: [
      { toml: target("lock = false"), files: { "poetry.lock": "" } },
      { toml: target('requirements = "r.txt"'), files: { "poetry.lock": "", "r.txt": "" } },
      { toml: BUILT, files: { "other/poetry.lock": "" } },
    ],
  },
  RemoteRequirementsFile: {
    fires: [{ toml: target('requirements = "r.txt"'), files: { "r.txt": "-r https://h/r.txt\n" } }],
    stays: [{ toml: target('requirements = "r.txt"'), files: { "r.txt": "-r a.txt\n", "a.txt": "-i https://h/\n" } }],
  },
  ToolIndexNotAsked: {
    fires: [`${BUILT}[[tool.pdm.source]]\nurl = "https://h/simple"\n`],
    stays: [
      `${target('indices = [{ url = "https://h/simple/", default = true }]')}[[tool.pdm.source]]\nurl = "https://h/simple"\n`,
      `${BUILT}[[tool.poetry.source]]\nname = "x"\nurl = "https://h/simple"\npriority = "explicit"\n`,
    ],
  },
  UnsetVariable: {
    fires: [target('env = { A = "$NEVER_SET" }')],
    stays: [target('env = { A = "$PATH:${B:-c}" }'), { toml: target('env = { A = "$B" }'), args: ["B"] }],
  },
  UnpinnedSyntax: {
    fires: [`# syntax=microb/microb\n${PROJECT}`, `# syntax=r:5000/microb:latest\n${PROJECT}`],
    stays: [`# syntax=microb/microb:1.0\n${PROJECT}`, PROJECT],
  },
  NewerToml: {
    fires: [
      `${BUILT}[tool.x]\na = { b = 1, }\n`,
      `${target('installer = "uv"')}[tool.x]\na = { b = 1, }\n`,
      { toml: `${BUILT}[tool.x]\na = { b = 1, }\n`, files: { ".python-version": "3.9" } },
    ],
    stays: [
      `${BUILT}[tool.x]\na = { b = 1 }\n`,
      // Nobody else reads it.
      `${target('install = "source"')}[tool.x]\na = { b = 1, }\n`,
      `${target('python_version = "3.15"')}[tool.x]\na = { b = 1, }\n`,
      `${target('installer = "uv"').replace("requires = []", 'requires = []\nbuild-backend = "uv_build"')}[tool.x]\na = { b = 1, }\n`,
    ],
  },
  SyntaxUnseen: {
    fires: [`# the app\n# syntax=microb/microb\n${PROJECT}`],
    stays: [`# check=skip=all\n# syntax=microb/microb\n${PROJECT}`],
  },
};

async function rulesOf(project: Project): Promise<readonly string[]> {
  const { toml, files = {}, args = [] } = typeof project === "string" ? { toml: project } : project;
  const reader = recordReader(files);
  const planned = await planProject(reader, {
    ignore: await readIgnoreFile(reader.readText, [IGNORE_FILE]),
    source: sourceText("pyproject.toml", toml),
    location: ROOT,
    target: "",
    platforms: [AMD64],
    variables: new Map(args.map((name) => [name, "x"])),
  });
  const { warnings } = llbOf(planned.plan, { source: planned.project.source });
  return [...lint(planned), ...warnings].map(({ code }) => RULES[code]?.name ?? code);
}

test.each(Object.entries(CASES))("%s fires where it is meant to, and nowhere else", async (name, { fires, stays }) => {
  for (const project of fires) expect(await rulesOf(project), JSON.stringify(project)).toContain(name);
  for (const project of stays) expect(await rulesOf(project), JSON.stringify(project)).not.toContain(name);
});

test("every rule has a case, and a name of its own", () => {
  const names = Object.values(RULES).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  // Of the platform and the build context, not of the project; of too many findings: in the tests of the frontend.
  const others = ["BasePlatformMismatch", "BuildFileOutsideContext", "MoreFindings"];
  expect(names.filter((name) => CASES[name] === undefined)).toEqual(others);
});
