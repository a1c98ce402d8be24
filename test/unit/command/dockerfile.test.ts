import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

test("a build file, or a file that it names, is read within the context only", async () => {
  const secret = "root:x:0:0:of this machine";
  const inner = join(directory, "inner");
  mkdirSync(inner);
  writeFileSync(join(directory, "passwd"), secret);
  symlinkSync("../passwd", join(inner, "pyproject.toml"));
  symlinkSync(join(directory, "passwd"), join(inner, "requirements.txt"));
  writeFileSync(join(inner, "other.toml"), `${BUILT}[tool.microb.target.a]\nrequirements = "requirements.txt"\n`);
  const inInner = (name: string) => {
    const file = join(inner, name);
    return renderError(() => dockerfile({ ...request, filename: file, context: localContext({ filename: file }) }));
  };
  expect(await inInner("pyproject.toml")).toContain("pyproject.toml: there is no such file");
  expect(await inInner("other.toml")).toContain('there is no file "requirements.txt" in the build context');
  for (const name of ["pyproject.toml", "other.toml"]) expect(await inInner(name)).not.toContain("root:");
});

// Each is a text that a Dockerfile would read as the end of an instruction.
test.each([
  "a\nRUN touch pwned\n#.toml",
  "a \\\n        # '.toml",
  "a\rb.toml",
])("a build file that is called %j brings no instruction of its own", async (name) => {
  const odd = join(directory, name);
  writeFileSync(odd, BUILT);
  const asked = { ...request, filename: odd, context: localContext({ filename: odd }) };
  expect(await renderError(() => dockerfile(asked))).toContain("[dockerfile.unsayable]");
});
