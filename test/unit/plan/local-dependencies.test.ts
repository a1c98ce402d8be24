import { expect, test } from "vitest";
import { errorsOf, planOf, warningsOf } from "../../support/planning.ts";

function toml(dependency: string, backend: string, target = ""): string {
  return `[project]
name = "app"
dependencies = ["six", ${JSON.stringify(dependency)}]
[build-system]
requires = ["${backend}"]
[tool.microb.target.default]
${target}
`;
}

const FILES = { "libs/core/pyproject.toml": "", "libs/core/setup.py": "" };

test.each([
  ["pdm-backend>=2", "core @ file:///${PROJECT_ROOT}/libs/core"],
  ["hatchling", "core @ {root:uri}/libs/core"],
  ["hatchling", "core[web] @ {root:uri}/libs/./core ; os_name == 'posix'"],
  ["poetry-core", "core @ ./libs/core"],
  ["poetry-core", "core @ libs/core"],
])("%s expands %s: everything is installed with the project", async (backend, dependency) => {
  const { plan, dependencies, warnings } = await planOf(toml(dependency, backend), { files: FILES });
  expect(dependencies).toEqual({ kind: "with-project", extras: [] });
  expect(plan.stages[0]?.steps.some((step) => "title" in step && step.title.startsWith("install project.dep"))).toBe(
    false,
  );
  expect(warnings).toMatchObject([{ code: "project.dynamic", place: { path: ["project", "dependencies", 1] } }]);
});

test.each([
  ["hatchling", "core @ file:libs/core", "write {root:uri}/libs/core"],
  ["hatchling", "core @ file:///${PROJECT_ROOT}/libs/core", "write {root:uri}/libs/core"],
  ["pdm-backend", "core @ file:./libs/core", "write file:///${PROJECT_ROOT}/libs/core"],
  ["setuptools", "core @ ./libs/core", "list the path in a requirements file"],
  ["setuptools", "core @ {root:uri}/libs/core", "list the path in a requirements file"],
  ["hatchling", "core @ file:///projectdir/libs/core", "is an absolute path"],
  ["hatchling", "core @ {root:uri}/libs/other", '"libs/other" is not in the build context'],
  ["hatchling", "core @ {root:parent:uri}/core", '"../core" is outside of the project'],
])("%s: %s is told at its line", async (backend, dependency, says) => {
  const errors = await errorsOf(toml(dependency, backend), { files: FILES });
  expect(errors).toContain(says);
  expect(errors).toMatch(/^pyproject\.toml:3:24: error: .*\[requirement\.local\]$/m);
});

test("what is copied into the builder may be named by its path there", async () => {
  const target = 'copy_files_before_build = [{ src = "wheels", dst = "/wheels/" }]';
  const { dependencies } = await planOf(toml("core @ file:///wheels/core-1-py3-none-any.whl", "hatchling", target));
  expect(dependencies).toMatchObject({
    kind: "requirements",
    requirements: [expect.stringContaining("file:///wheels"), "six"],
  });
});

test("a project that is not built expands nothing", async () => {
  const text = toml("core @ {root:uri}/libs/core", "hatchling", 'install = "source"');
  expect(await errorsOf(text, { files: FILES })).toContain(
    "is resolved only when the project is built, but it is copied as source",
  );
});

test("a project below the root of the context has its own directory only", async () => {
  const location = { directory: "svc", buildFile: "pyproject.toml" };
  const text = (path: string): string => toml(`core @ {root:uri}/${path}`, "hatchling");
  expect(await warningsOf(text("libs/core"), { location, files: { "svc/libs/core/setup.py": "" } })).toContain(
    "project.dynamic",
  );
  expect(await errorsOf(text("../libs/core"), { location, files: FILES })).toContain("is outside of the project");
});
