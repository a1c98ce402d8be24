import { expect, test } from "vitest";
import { lint } from "../../../src/lint/lint.ts";
import { startCandidates } from "../../../src/lint/start-candidates.ts";
import { planOf, warningsOf } from "../../support/planning.ts";

const BUILD = '[build-system]\nrequires = ["hatchling"]\n';
const SOURCE = '[tool.microb.target.default]\ninstall = "source"\n';

function project(dependencies: readonly string[], rest: string): string {
  return `[project]\nname = "my-shop"\nversion = "1"\ndependencies = ${JSON.stringify(dependencies)}\n${rest}`;
}

const FASTAPI = "from fastapi import FastAPI\n\napp: FastAPI = FastAPI(title='x')\n";
const DJANGO = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n";
const FLASK = "import flask\nserver = flask.Flask(__name__)\n";
const MAIN = 'if __name__ == "__main__":\n    print(1)\n';

test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
  ["scripts", project([], `[project.scripts]\nweb = "a:b"\nworker = "a:c"\n${BUILD}`), {}, ["web", "worker"]],
  [
    "FastAPI in a package",
    project(["fastapi", "uvicorn[standard]"], BUILD),
    { "src/my_shop/main.py": FASTAPI },
    ["uvicorn --host 0.0.0.0 my_shop.main:app"],
  ],
  [
    "FastAPI with its own server, copied as source",
    project(["fastapi[standard]>=0.1"], SOURCE),
    { "main.py": FASTAPI },
    ["uvicorn --host 0.0.0.0 main:app"],
  ],
  ["FastAPI without a server", project(["fastapi"], SOURCE), { "main.py": FASTAPI }, []],
  ["a file at the root, which no wheel has", project(["fastapi[standard]"], BUILD), { "main.py": FASTAPI }, []],
  [
    "Django",
    project(["django", "gunicorn"], SOURCE),
    { "manage.py": DJANGO },
    ["gunicorn --bind 0.0.0.0:8000 shop.wsgi"],
  ],
  ["Django alone", project(["django"], SOURCE), { "manage.py": DJANGO }, ["python manage.py runserver 0.0.0.0:8000"]],
  ["Flask", project(["flask"], SOURCE), { "app.py": FLASK }, ["flask --app app run --host 0.0.0.0"]],
  [
    "Flask with gunicorn",
    project(["Flask", "gunicorn"], SOURCE),
    { "app.py": FLASK },
    ["gunicorn --bind 0.0.0.0:8000 app:server"],
  ],
  ["a package that can be run", project([], BUILD), { "my_shop/__main__.py": "" }, ["python -m my_shop"]],
  ["a program", project([], SOURCE), { "main.py": MAIN }, ["python main.py"]],
  ["nothing", project([], SOURCE), {}, []],
])("what may start a project: %s", async (_, toml, files, expected) => {
  const candidates = startCandidates(await planOf(toml, { files }));
  expect(candidates.map((words) => words.join(" "))).toEqual(expected);
});

test("a project that is copied with its package in src has that on the path, unless it says otherwise", async () => {
  const files = { "src/my_shop/__init__.py": "" };
  const pathOf = async (toml: string, surroundings = { files }): Promise<unknown> => {
    const { plan } = await planOf(toml, surroundings);
    return plan.stages
      .at(-1)
      ?.steps.flatMap((step) => (step.kind === "env" && step.name === "PYTHONPATH" ? [step.value] : []));
  };
  expect(await pathOf(project([], SOURCE))).toEqual([["/home/nonroot/src"]]);
  expect(await pathOf(project([], ""))).toEqual([["/home/nonroot/src"]]);
  expect(await pathOf(project([], `${SOURCE}env = { PYTHONPATH = "/srv" }\n`))).toEqual([["/srv"]]);
  expect(await pathOf(project([], BUILD))).toEqual([]);
  expect(await pathOf(project([], SOURCE), { files: {} as typeof files })).toEqual([]);
});

test("scripts that are lost without [build-system] are named", async () => {
  const toml = project([], '[project.scripts]\nweb = "my_shop:main"\nworker = "my_shop:work"\n');
  expect(await warningsOf(toml)).toContain("not installed as a package, so the image has no web, worker");
});

test("the root of a workspace is told how a member is built, and where keys are written", async () => {
  const planned = await planOf(project([], '[tool.uv.workspace]\nmembers = ["packages/*"]\n'));
  const [finding] = lint(planned).filter(({ code }) => code === "start.missing");
  expect(finding?.help).toBe(
    "to build a member of the workspace, name its build file: -f DIRECTORY/pyproject.toml; for an image of the root, set " +
      'entrypoint or command, for example entrypoint = ["python", "FILE.py"] (write keys of microb into [tool.microb.target.default])',
  );
  const [other] = lint(await planOf(project([], SOURCE))).filter(({ code }) => code === "start.missing");
  expect(other?.help).toBe('set entrypoint or command, for example entrypoint = ["python", "FILE.py"]');
});
