import { afterAll, describe, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, type Outcome, output } from "../support/docker.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { tempProject } from "../support/temp-project.ts";

/** What installers write in their own words, notes on the installation and the commands; and what names them here. */
const THEIR_OWN =
  /^home\/nonroot\/pyproject\.toml$|^home\/nonroot\/\.local\/(?:bin\/[a-z.-]+|lib\/.*\.dist-info(?:\/(?:INSTALLER|RECORD|REQUESTED|direct_url\.json|uv_build\.json))?)$/;

/** Builds with uv beside the same ones with pip. */
export function uvOn(name: Engine["name"]): void {
  describeOn(name, "uv", uvTests);
}

function uvTests(engine: Engine): void {
  const docker = dockerOf(engine);
  const tag = "microb-test/uv";
  afterAll(() => docker(["rmi", "-f", tag, `${tag}-pip`, `${tag}-uv`]));

  const project = (table: string, metadata = 'dependencies = ["flask", "requests[socks]>=2"]'): string =>
    `# syntax=microb/microb
[project]
name = "twins"
version = "1"
${metadata}
[project.optional-dependencies]
colour = ["rich"]
[project.scripts]
twins = "twins:main"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.microb.target.default]
python_version = "3.13"
${table}
`;
  const twins = (text: string): string => `def main():\n    print(${JSON.stringify(text)})\n`;
  const build = (
    files: Readonly<Record<string, string>>,
    { flags = [], image = tag }: Readonly<{ flags?: readonly string[]; image?: string }> = {},
  ): Promise<Outcome> =>
    docker(["build", ...flags, "-t", image, "-f", "pyproject.toml", "."], { cwd: tempProject(files) });

  describe("both make the same image", () => {
    const WAYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "dependencies, an extra, slim": {
        "pyproject.toml": project('extras = ["colour"]\nslim = ["tests", "symbols"]'),
        "twins.py": twins("package"),
      },
      source: {
        "pyproject.toml": project('install = "source"\nentrypoint = ["python", "-c", "import twins; twins.main()"]'),
        "twins.py": twins("source"),
      },
      "a requirements file with hashes": {
        "pyproject.toml": project('requirements = "r.txt"', 'dependencies = ["six"]'),
        "r.txt":
          "-e .\nsix==1.17.0 \\\n    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n",
        "twins.py": twins("hashes"),
      },
      "dependencies that the project tells": {
        "pyproject.toml": project('extras = ["colour"]', 'dynamic = ["dependencies"]').concat(
          '[tool.hatch.metadata.hooks.custom]\npath = "hook.py"\n',
        ),
        "hook.py": `from hatchling.metadata.plugin.interface import MetadataHookInterface
class Hook(MetadataHookInterface):
    def update(self, metadata):
        metadata["dependencies"] = ["six"]
`,
        "twins.py": twins("dynamic"),
      },
    };
    test.each(Object.entries(WAYS))("%s", async (_, files) => {
      for (const installer of ["pip", "uv"]) {
        const text = `${files["pyproject.toml"]}`.replace(
          "python_version",
          `installer = "${installer}"\npython_version`,
        );
        const built = await build({ ...files, "pyproject.toml": text }, { image: `${tag}-${installer}` });
        expect(built).toMatchObject({ code: 0 });
      }
      const [pip, uv] = [await imageContents(engine, `${tag}-pip`), await imageContents(engine, `${tag}-uv`)];
      const isModule = (path: string): boolean => /^home\/.*\.py$/.test(path);
      expect([...uv.keys()].filter(isModule).length).toBeGreaterThan(1);
      const others = Object.keys(difference(pip, uv)).filter((path) => !THEIR_OWN.test(path));
      expect(others).toEqual([]);
      expect([...uv.keys()].filter((path) => /(?:^|\/)uvx?$|dist-info\/uv$|cache\/uv/.test(path))).toEqual([]);
      const runs = ["pip", "uv"].map((one) => output(docker, ["run", "--rm", `${tag}-${one}`]));
      const [first, second] = await Promise.all(runs);
      expect(second).toBe(first);
    });
  });

  test("a change of a source file alone is installed, whatever uv has in its cache", async () => {
    const metadata = 'dependencies = ["six"]';
    for (const text of ["one", "two"]) {
      const files = { "pyproject.toml": project('installer = "uv"', metadata), "twins.py": twins(text) };
      expect(await build(files)).toMatchObject({ code: 0 });
      expect(await output(docker, ["run", "--rm", tag])).toBe(`${text}\n`);
    }
  });

  describe("what uv refuses, as pip does", () => {
    const failing = async (files: Readonly<Record<string, string>>): Promise<string> => {
      const failed = await build(files);
      expect(failed.code).toBe(1);
      return failed.stderr;
    };

    test("one requirement without a hash among others that have one", async () => {
      const table = 'installer = "uv"\ninstall = "source"\nrequirements = "r.txt"';
      const hash = "sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274";
      const said = await failing({
        "pyproject.toml": project(table),
        "r.txt": `six==1.17.0 --hash=${hash}\ncowsay==6.1\n`,
      });
      expect(said).toContain("all requirements must have a hash");
    });

    test("a file with another hash", async () => {
      const table = 'installer = "uv"\ninstall = "source"\nrequirements = "r.txt"';
      const said = await failing({
        "pyproject.toml": project(table),
        "r.txt": `six==1.17.0 --hash=sha256:${"0".repeat(64)}\n`,
      });
      expect(said).toContain("Hash mismatch");
    });
  });
}
