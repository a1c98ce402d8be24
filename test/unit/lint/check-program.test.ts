import { expect, test } from "vitest";
import { checkProgram } from "../../../src/lint/check-program.ts";
import { planOf, type Surroundings } from "../../support/planning.ts";

async function found(dependencies: string, target: string, surroundings?: Surroundings): Promise<readonly string[]> {
  const toml = `[project]\nname = "app"\ndependencies = ${dependencies}\nscripts = { flask = "app:main" }\n[build-system]\nrequires = ["hatchling"]\n[tool.microb.target.default]\n${target}\n`;
  return checkProgram(await planOf(toml, surroundings)).map(({ message }) => message);
}

test("a server that no dependency names is told", async () => {
  const [message, ...others] = await found('["flask"]', 'entrypoint = ["gunicorn", "app:app"]');
  expect(message).toMatch(/^entrypoint starts gunicorn, which is not a dependency of the project/);
  expect(others).toEqual([]);
  expect(await found('["flask"]', 'command = ["celery", "worker"]')).toHaveLength(1);
  const files = { "requirements.txt": "flask\n" };
  expect(await found("[]", 'requirements = "requirements.txt"\ncommand = ["uvicorn"]', { files })).toHaveLength(1);
});

test.each([
  ["a dependency brings it", '["Gunicorn[gevent]>=20"]', 'entrypoint = ["gunicorn"]'],
  ["an extra of a dependency brings it", '["fastapi[standard]"]', 'entrypoint = ["uvicorn"]'],
  ["the project has a script of that name", "[]", 'entrypoint = ["flask"]'],
  ["a system package is called so", "[]", 'entrypoint = ["gunicorn"]\nsystem_deps = ["gunicorn"]'],
  ["it is not a well-known one", "[]", 'entrypoint = ["serve"]'],
  ["it has a name that objects have", "[]", 'entrypoint = ["constructor"]'],
  ["nothing is started", "[]", ""],
])("nothing is told where %s", async (_, dependencies, target) => {
  expect(await found(dependencies, target)).toEqual([]);
});
