import { expect, test } from "vitest";
import { pathMatcher } from "../../../src/facts/path-matcher.ts";
import { planOf } from "../../support/planning.ts";

const PACKAGE = '[project]\nname = "x"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\n';
const SOURCE = '[project]\nname = "x"\nversion = "1"\n[tool.microb.target.default]\ninstall = "source"\n';

type Surroundings = Parameters<typeof planOf>[1];

async function excluded(toml: string, surroundings?: Surroundings): Promise<(path: string) => boolean> {
  const { plan } = await planOf(toml, surroundings);
  const match = pathMatcher(plan.exclude);
  return (path) => match(path) !== undefined;
}

const NEVER = [
  ...[".git/HEAD", ".venv/bin/python", "build/x", "dist/x.whl", "x.egg-info/PKG-INFO", "src/x/__pycache__/a.pyc"],
  ...[".mypy_cache/x", "src/.ruff_cache/x", ".pytest_cache/x", ".tox/x", ".nox/x"],
];
const NOT_OF_A_PROGRAM = [
  ...[".env", ".env.local", ".envrc", "server.key", "server.pem", "id_rsa", ".netrc", "db.sqlite3", ".idea/x.xml"],
  ...["app/.env", "web/.env.local", "deploy/tls/server.key", "tls/privkey.pem", "home/.aws/credentials", "lib/x/.git"],
  ...[".vscode/x", "Dockerfile", "Dockerfile.dev", ".dockerignore", "pyproject.toml.dockerignore", "compose.yaml"],
  ...["docker-compose.override.yml", "node_modules/x/y.js", "web/node_modules/x/y.js", ".github/workflows/ci.yml"],
];
/** What looks like it, and is or may be a part of a program. */
const PROGRAM = [
  ...[".env.example", ".env.sample", ".env.template", "environment.py", "env/__init__.py", "venv/__init__.py"],
  ...[
    "app/Dockerfile",
    "app/fixtures/db.sqlite3",
    "app/certificates/root.pem",
    "app/.env.example",
    "compose.py",
    "src/build/x.py",
  ],
  ...["LICENSE", "README.md", "uv.lock", "tests/test_x.py", "Dockerfiles.py", "manage.py", "templates/index.html"],
];

test("a package is built from everything that a backend may read", async () => {
  const isOut = await excluded(PACKAGE);
  expect(NEVER.filter((path) => !isOut(path))).toEqual([]);
  expect([...NOT_OF_A_PROGRAM, ...PROGRAM].filter(isOut)).toEqual([]);
});

test("a source is copied without what is no part of a program", async () => {
  const isOut = await excluded(SOURCE);
  expect([...NEVER, ...NOT_OF_A_PROGRAM].filter((path) => !isOut(path))).toEqual([]);
  expect(PROGRAM.filter(isOut)).toEqual([]);
});

test("so is a project that is no package", async () => {
  const isOut = await excluded('[project]\nname = "x"\n[tool.uv]\npackage = false\n');
  expect(isOut(".env")).toBe(true);
});

test("a virtual environment is known by its file, whatever it is called", async () => {
  const isOut = await excluded(SOURCE, { files: { "env/pyvenv.cfg": "", "venv/__init__.py": "" } });
  expect(isOut("env/lib/x.py")).toBe(true);
  expect(isOut("venv/__init__.py")).toBe(false);
});

test("a project in a directory is meant, and nothing besides it", async () => {
  const location = { directory: "services/a", buildFile: "pyproject.toml" };
  const isOut = await excluded(SOURCE, { location });
  expect(isOut("services/a/.env")).toBe(true);
  expect(isOut("services/a/web/node_modules/x")).toBe(true);
  expect(isOut("services/a/.env.example")).toBe(false);
  expect(isOut(".env")).toBe(false);
  expect(isOut("web/node_modules/x")).toBe(false);
});

test.each([
  ['copy_files = [{ src = "company.pem", dst = "/etc/ssl/" }]', "company.pem"],
  ['copy_files_before_build = [{ src = "./node_modules/x/dist/", dst = "/srv/" }]', "node_modules/x/dist/a.js"],
  ['add_files = [{ src = "dist/app.tar.gz", dst = "/srv/" }]', "dist/app.tar.gz"],
  ['requirements = "build/requirements.txt"', "build/requirements.txt"],
])("what the target names itself comes along: %s", async (keys, path) => {
  const isOut = await excluded(`${SOURCE}${keys}\n`, { files: { "build/requirements.txt": "" } });
  expect(isOut(path)).toBe(false);
  expect(isOut("other.pem")).toBe(true);
});

test("a file of another image is none of the context", async () => {
  const isOut = await excluded(`${SOURCE}copy_files = [{ from = "tools", src = "company.pem", dst = "/etc/ssl/" }]\n`);
  expect(isOut("company.pem")).toBe(true);
});

test.each([
  ["a build requirement", PACKAGE.replace("hatchling", "hatch-vcs")],
  ["pdm-backend", `${PACKAGE}[tool.pdm.version]\nsource = "scm"\n`],
  ["a table", `${PACKAGE}[tool.setuptools_scm]\n`],
])("history stays for %s, unless nothing is built", async (_, text) => {
  expect((await excluded(text))(".git/HEAD")).toBe(false);
  const source = `${text}[tool.microb.target.default]\ninstall = "source"\n`;
  expect((await excluded(source))(".git/HEAD")).toBe(true);
});

test.each([
  ["setup.py", "from setuptools import setup\nsetup(use_scm_version=True)\n"],
  ["setup.cfg", "[options]\nsetup_requires =\n  setuptools_scm\n"],
  ["setup.py", "import versioneer\n"],
  ["setup.cfg", "[options]\nsetup_requires = pbr\n"],
])("history stays for %s: %j", async (name, text) => {
  expect((await excluded(PACKAGE, { files: { [name]: text } }))(".git/HEAD")).toBe(false);
  expect((await excluded(PACKAGE, { files: { [name]: "" } }))(".git/HEAD")).toBe(true);
});

test("git is installed where the builder has none", async () => {
  const packages = async (flavor: string, text: string): Promise<readonly string[]> => {
    const { plan } = await planOf(`${text}[tool.microb.target.default]\nflavor = "${flavor}"\n`);
    const titles = plan.stages[0]?.steps.flatMap((step) => ("title" in step ? [step.title] : [])) ?? [];
    return titles.filter((title) => title.startsWith("install build_deps"));
  };
  const scm = PACKAGE.replace("hatchling", "setuptools-scm");
  expect(await packages("alpine", scm)).toEqual(["install build_deps: git"]);
  expect(await packages("debian", scm)).toEqual([]);
  expect(await packages("alpine", PACKAGE)).toEqual([]);
});

test("a lock stays with a project that reads its history: a file that is missing would be a change", async () => {
  const lock = 'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n';
  const copied = async (text: string): Promise<readonly string[]> => {
    const { plan } = await planOf(text, { files: { "pylock.toml": lock } });
    return plan.stages
      .flatMap(({ steps }) => steps)
      .flatMap((step) => (step.kind === "copy" ? (step.except ?? []) : []));
  };
  expect(await copied(PACKAGE)).toEqual(["pylock.toml"]);
  expect(await copied(PACKAGE.replace("hatchling", "setuptools-scm"))).toEqual([]);
});
