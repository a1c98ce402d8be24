import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { dockerfile } from "../../../src/command/dockerfile.ts";
import { renderError } from "../../support/planning.ts";

const directory = mkdtempSync(join(tmpdir(), "microb-dockerfile-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const filename = join(directory, "pyproject.toml");
const request = { filename, target: "", buildArgs: new Map([["A", "1"]]) };

test("the directory of the build file is the context", async () => {
  writeFileSync(filename, '[project]\r\nname = "x"\r\n[tool.microb.target.a]\r\nenv.A = "$A"\r\n');
  writeFileSync(join(directory, "setup.py"), "");
  const { text, warnings } = await dockerfile(request);
  expect(text).toContain("ENV A=1\n");
  expect(text).toContain("--no-deps /projectdir");
  expect(warnings).toEqual([]);
});

test("a file that is named but missing is told with its path as it was given", async () => {
  writeFileSync(filename, '[project]\nname = "x"\n[tool.microb.target.a]\nrequirements = "none.txt"\n');
  expect((await renderError(() => dockerfile(request))).replaceAll(directory, "DIR")).toMatchInlineSnapshot(`
    "DIR/pyproject.toml:4:16: error: there is no file "none.txt" in the build context [context.file]
      4 | requirements = "none.txt"
        |                ^^^^^^^^^^
      help: paths are relative to the root of the build context; check .dockerignore too"
  `);
});
