import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { BACKEND_MODULE } from "../fixture/build-backend.ts";
import { makeWheel } from "../fixture/wheel.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, output } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

const WHEEL = "alpha-1.0-py3-none-any.whl";
const ALPHA = makeWheel({ name: "alpha", files: { "alpha.py": "NAME = 'alpha'\n" } });

function buildFile(name: string, more = ""): string {
  return `# syntax=microb/microb
[project]
name = "${name}"
version = "1.0"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
${more}`;
}

const TARGET =
  '[tool.microb.target.default]\npython_version = "3.13"\ninstall = "source"\ncommand = ["python", "app.py"]\n';

/** Builds whose packages are files and directories of the build context: nothing needs a network. */
export function localFilesOn(name: Engine["name"]): void {
  describeOn(name, "local files", (engine) => {
    const docker = dockerOf(engine);
    const tag = "microb-test/local-files";
    afterAll(() => docker(["rmi", "-f", tag]));

    async function built(directory: string): Promise<string> {
      await output(docker, ["build", "--network=none", "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
      return output(docker, ["run", "--rm", "--network=none", "--label", "microb.test=1", tag]);
    }

    test("lines of a requirements file in UTF-16 name directories and wheels of the context", async () => {
      const lines = [
        "--no-index",
        "--find-links wheels",
        "-e .",
        "-e ./libs/core",
        "file:libs/two ; os_name == 'posix'",
      ];
      // The line for the project stands for what it requires, which is in the directory of wheels.
      const requires = 'version = "1.0"\ndependencies = ["alpha"]\n';
      const directory = tempProject({
        "pyproject.toml": buildFile("app", `${TARGET}requirements = "deploy/r.txt"\n`).replace(
          'version = "1.0"\n',
          requires,
        ),
        "app.py": "import alpha, core, two\nprint(alpha.NAME, core.NAME, two.NAME, core.__file__)\n",
        "libs/core/pyproject.toml": buildFile("core"),
        "libs/core/backend.py": BACKEND_MODULE,
        "libs/core/core.py": "NAME = 'core'\n",
        "libs/two/pyproject.toml": buildFile("two"),
        "libs/two/backend.py": BACKEND_MODULE,
        "libs/two/two.py": "NAME = 'two'\n",
        "wheels/.keep": "",
        "deploy/.keep": "",
      });
      writeFileSync(join(directory, "wheels", WHEEL), ALPHA);
      writeFileSync(join(directory, "deploy/r.txt"), Buffer.from(`\uFEFF${lines.join("\r\n")}\r\n`, "utf16le"));
      expect(await built(directory)).toMatch(/^alpha core two \/home\/nonroot\/\.local\/lib\/.*\/core\.py\n$/);
    });

    test("a wheel of a flat index is copied from the context, and must be the one of the lock", async () => {
      const lock = (sha256: string): string => `version = 1
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "alpha" }]
[[package]]
name = "alpha"
version = "1.0"
source = { registry = "wheels" }
wheels = [{ path = "${WHEEL}"${sha256} }]
`;
      const directory = tempProject({
        "pyproject.toml": buildFile("app", TARGET),
        "app.py": "import alpha\nprint(alpha.NAME)\n",
        "wheels/.keep": "",
        "uv.lock": lock(""),
      });
      writeFileSync(join(directory, "wheels", WHEEL), ALPHA);
      expect(await built(directory)).toBe("alpha\n");
      const sha256 = createHash("sha256").update(ALPHA).digest("hex");
      writeFileSync(join(directory, "uv.lock"), lock(`, hash = "sha256:${sha256}"`));
      expect(await built(directory)).toBe("alpha\n");
      writeFileSync(join(directory, "uv.lock"), lock(`, hash = "sha256:${"0".repeat(64)}"`));
      await expect(built(directory)).rejects.toThrow(`microb: wheels/${WHEEL} is not the file of the lock`);
    });
  });
}
