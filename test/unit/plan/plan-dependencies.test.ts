import { expect, test } from "vitest";
import type { RunStep } from "../../../src/plan/step.ts";
import { errorsOf, planOf, type Surroundings, warningsOf } from "../../support/planning.ts";

/** What pip is asked to install before the project, word by word. */
async function installed(text: string, surroundings?: Surroundings): Promise<readonly string[] | undefined> {
  const { plan } = await planOf(text, surroundings);
  const step = plan.stages[0]?.steps.find(
    (one): one is RunStep => one.kind === "run" && /^install (?:project\.dependencies|requirements)/.test(one.title),
  );
  const command = step?.commands.find((one) => one.startsWith("pip "));
  return command
    ?.replace(/^.*--no-compile/, "")
    .split(/\s*\\\n\s*/)
    .filter((word) => word.trim() !== "")
    .map((word) => word.trim());
}

const project = (dependencies: string, rest = ""): string =>
  `[project]\nname = "My.App"\ndependencies = [${dependencies}]\n${rest}\n[build-system]\n`;

test("requirements are normalized, sorted, and there once", async () => {
  const text = project(
    `"Flask_Login [B, a.b , b] < 4, >= 2", "flask-login[a-b,b]>=2,<4", "zope.interface", "a;os_name=='nt'"`,
  );
  expect(await installed(text)).toEqual([`'a; os_name == "nt"'`, "'flask-login[a-b,b]<4,>=2'", "zope-interface"]);
});

test("a project without dependencies has no step for them", async () => {
  expect(await installed(project(""))).toBeUndefined();
  expect(await installed("")).toBeUndefined();
});

const EXTRAS = `[project.optional-dependencies]
Web_Server = ["gunicorn"]
all = ["my-app[web-server,dev]", "extra-of-all"]
dev = ["pytest", "my_app[all]"]
windows = ["my-app[win]; sys_platform == 'win32'"]
win = ["pywin32", "colorama; python_version < '3.9' or os_name == 'nt'"]
`;
const withExtras = (...extras: readonly string[]): string =>
  `${project('"flask"', EXTRAS)}[tool.microb.target.default]\nextras = ${JSON.stringify(extras)}\n`;

test.each([
  [["web-server"], ["flask", "gunicorn"]],
  [
    ["WEB.SERVER", "web_server"],
    ["flask", "gunicorn"],
  ],
  [["all"], ["extra-of-all", "flask", "gunicorn", "pytest"]],
  [["dev"], ["extra-of-all", "flask", "gunicorn", "pytest"]],
  [
    ["windows"],
    [
      `'colorama; (sys_platform == "win32") and (python_version < "3.9" or os_name == "nt")'`,
      "flask",
      `'pywin32; sys_platform == "win32"'`,
    ],
  ],
  [
    ["windows", "win"],
    [`'colorama; python_version < "3.9" or os_name == "nt"'`, "flask", "pywin32"],
  ],
])("the extras %j add their requirements, also through extras of the project's own", async (extras, expected) => {
  const words = await installed(withExtras(...extras));
  const unquoted = (word: string): string => word.replace(/^'/, "");
  expect(words).toEqual([...expected].sort((a, b) => (unquoted(a) < unquoted(b) ? -1 : 1)));
});

test("extras that refer to each other without end are followed to the end", async () => {
  const many = Array.from({ length: 5000 }, (_, index) => `e${index} = ["my-app[e${index + 1}]"]\n`).join("");
  const text = `${project("", `[project.optional-dependencies]\n${many}e5000 = ["flask"]\n`)}[tool.microb.target.default]\nextras = ["e0"]\n`;
  expect(await installed(text)).toEqual(["flask"]);
});

test("an unknown extra is told with the known ones", async () => {
  expect(await errorsOf(withExtras("webserver"))).toMatchInlineSnapshot(`
    "pyproject.toml:13:11: error: the project has no extra "webserver" [extra.unknown]
      13 | extras = ["webserver"]
         |           ^^^^^^^^^^^
      help: did you mean "Web_Server"? known extras: Web_Server, all, dev, windows, win"
  `);
});

test("an unknown extra is noticed also when the dependencies are dynamic", async () => {
  const text = `[project]\nname = "x"\ndynamic = ["dependencies"]\n[build-system]\n[tool.microb.target.default]\nextras = ["web"]\n`;
  expect(await errorsOf(text)).toContain('the project has no extra "web"');
  const dynamic = text.replace('["dependencies"]', '["dependencies", "optional-dependencies"]');
  const { plan } = await planOf(dynamic);
  expect(JSON.stringify(plan)).toContain("install --no-compile '/projectdir[web]'");
});

test("dynamic dependencies are installed with the project, with a warning that says so", async () => {
  const text = '[project]\nname = "x"\ndynamic = ["version", "dependencies"]\n[build-system]\n';
  expect(await installed(text)).toBeUndefined();
  expect(await warningsOf(text)).toMatchInlineSnapshot(`
    "pyproject.toml:3:23: warning: the dependencies are dynamic: all dependencies are installed together with the project, and again after every change of it [project.dynamic]
      3 | dynamic = ["version", "dependencies"]
        |                       ^^^^^^^^^^^^^^
      help: declare project.dependencies, or name a lock with the requirements key (write keys of microb into [tool.microb.target.default])"
  `);
});

test("dependencies that only building would tell, of a project that is not built, are an error", async () => {
  const poetry =
    '[tool.poetry]\nname = "x"\npackage-mode = false\n[tool.poetry.dependencies]\nflask = { path = "../flask" }\n';
  expect(await errorsOf(poetry)).toMatchInlineSnapshot(`
    "pyproject.toml:5:9: error: only Poetry can resolve "flask": they are known only when the project is built, but it is copied as source [project.dynamic]
      5 | flask = { path = "../flask" }
        |         ^^^^^^^^^^^^^^^^^^^^^
      help: declare project.dependencies, or name a lock with the requirements key (write keys of microb into [tool.microb.target.default])"
  `);
  const requirements = `${poetry}[tool.microb.target.default]\nrequirements = "r.txt"\n`;
  expect(await installed(requirements, { files: { "r.txt": "flask\n" } })).toEqual([
    "--requirement /requirements/r.txt",
  ]);
});

test("a requirements file replaces the dependencies and is mounted with all that it includes", async () => {
  const text = `${project('"flask"')}[tool.microb.target.default]\nrequirements = "deploy/r.txt"\n`;
  const files = { "deploy/r.txt": "-c ../limits.txt\nflask\n", "limits.txt": "flask<4\n" };
  expect(await installed(text, { files })).toEqual(["--requirement /requirements/deploy/r.txt"]);
  const { plan } = await planOf(text, { files });
  const mounts = plan.stages[0]?.steps.flatMap((step) => (step.kind === "run" ? step.mounts : []));
  expect(mounts?.filter(({ kind }) => kind === "context")).toMatchObject([
    { source: "deploy/r.txt", target: "/requirements/deploy/r.txt" },
    { source: "limits.txt", target: "/requirements/limits.txt" },
  ]);
});

test("git is installed for what is fetched with it", async () => {
  const packages = async (requirement: string): Promise<string | undefined> => {
    const { plan } = await planOf(project(`"${requirement}"`));
    const [step] = plan.stages[0]?.steps ?? [];
    return step?.kind === "run" ? step.commands.find((command) => command.includes("apt-get install")) : undefined;
  };
  expect(await packages("a @ git+https://x/y")).toMatch(/ git$/);
  expect(await packages("a @ git+ssh://git@x/y")).toMatch(/ git openssh-client$/);
  expect(await packages("a @ https://x/git+y.zip")).toBeUndefined();
});
