import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { dockerfile } from "../../../src/command/dockerfile.ts";
import { localContext } from "../../../src/command/local-context.ts";
import { renderError } from "../../support/planning.ts";

const directory = mkdtempSync(join(tmpdir(), "microb-dockerfile-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const filename = join(directory, "pyproject.toml");
const request = { filename, context: localContext({ filename }), target: "", buildArgs: new Map([["A", "1"]]) };

test("a project is planned with the warnings of a build", async () => {
  writeFileSync(filename, '[project]\r\nname = "x"\r\n[tool.microb.target.a]\r\nenv.A = "$A"\r\ncommand = ["x"]\r\n');
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

async function asked(toml: string, buildArgs: Readonly<Record<string, string>> = {}): ReturnType<typeof dockerfile> {
  writeFileSync(filename, toml);
  return dockerfile({ ...request, buildArgs: new Map(Object.entries(buildArgs)) });
}

const BUILT = '[project]\nname = "x"\nscripts = { x = "x:main" }\n[build-system]\n';

test("proxies are no variables, and are not warned about", async () => {
  const { warnings } = await asked(BUILT, { HTTPS_PROXY: "http://p", no_proxy: "x", BUILDKIT_SYNTAX: "x", OTHER: "1" });
  expect(warnings.map(({ message }) => message)).toEqual(["the build argument OTHER is not used"]);
});

test("what a build refuses is refused: too many layers, findings that are to fail", async () => {
  const copies = Array.from({ length: 125 }, (_, index) => `{ src = "${index}", dst = "/srv/" }`);
  const layers = `${BUILT}[tool.microb.target.a]\ncopy_files = [${copies.join(", ")}]\n`;
  expect(await renderError(() => asked(layers))).toContain("[image.layers]");
  const failing = `# check=error=true\n${BUILT}`;
  expect(await renderError(() => asked(failing, { OTHER: "1" }))).toContain("[lint.failed]");
  const skipped = await asked(BUILT, { OTHER: "1", BUILDKIT_DOCKERFILE_CHECK: "skip=UnusedBuildArg;error=true" });
  expect(skipped.warnings).toEqual([]);
});
