import { expect, test } from "vitest";
import { errorsOf, planOf } from "../../support/planning.ts";

const target = (lines: string): string => `[project]\nname = "x"\n[tool.microb.target.default]\n${lines}\n`;

test("a command line in the place of an array is answered with the array", async () => {
  expect(await errorsOf(target("entrypoint = \"uvicorn shop.web:app --header 'a b'\""))).toMatchInlineSnapshot(`
    "pyproject.toml:4:14: error: tool.microb.target.default.entrypoint must be an array, not a string [config.type]
      4 | entrypoint = "uvicorn shop.web:app --header 'a b'"
        |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: write entrypoint = ["uvicorn", "shop.web:app", "--header", "a b"]"
  `);
  expect(await errorsOf(target('build_deps = "gcc libpq-dev"'))).toContain('write build_deps = ["gcc", "libpq-dev"]');
  expect(await errorsOf('[project]\nname = "x"\ndependencies = "flask ; extra"\n')).toContain(
    'write dependencies = ["flask ; extra"]',
  );
});

test("a command line in one word of an array is, too", async () => {
  expect(await errorsOf(target('entrypoint = ["uvicorn shop.web:app"]'))).toMatchInlineSnapshot(`
    "pyproject.toml:4:14: error: entrypoint has one word, "uvicorn shop.web:app": there is no program of that name [config.value]
      4 | entrypoint = ["uvicorn shop.web:app"]
        |              ^^^^^^^^^^^^^^^^^^^^^^^^
      help: write entrypoint = ["uvicorn", "shop.web:app"]"
  `);
  expect(await errorsOf(target('command = ["python -m shop"]'))).toContain('write command = ["python", "-m", "shop"]');
});

test("a program without a name is none", async () => {
  expect(await errorsOf(target('entrypoint = [""]'))).toMatchInlineSnapshot(`
    "pyproject.toml:4:15: error: the first word of entrypoint is empty: it is the program that a container starts [config.value]
      4 | entrypoint = [""]
        |               ^^
      help: write entrypoint = ["python", "-m", "app"], or leave it out"
  `);
  expect(await errorsOf(target('entrypoint = [" ", "x"]'))).toContain("the first word of entrypoint is empty");
  expect(await errorsOf(target('command = [""]'))).toContain("4:12: error: the first word of command is empty");
  expect(await errorsOf(target('entrypoint = []\ncommand = ["", "a"]'))).toContain(
    "the first word of command is empty",
  );
});

test.each([
  'entrypoint = ["python", ""]',
  'entrypoint = ["python"]\ncommand = [""]',
  "command = []",
  'entrypoint = ["/opt/my app/run"]',
  'entrypoint = ["sh", "-c", "exec a b"]',
  'entrypoint = ["python"]\ncommand = ["a b"]',
  "entrypoint = []",
])("%s is fine", async (lines) => {
  expect((await planOf(target(lines))).plan.stages).toHaveLength(2);
});
