import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

const WHEELS = join(process.env["MICROB_ENGINE_CACHE"] ?? "/var/cache/microb-engine", "wheels");
const INDEX = "http://198.51.100.1:3141/simple/psycopg2/";
const SDIST = "psycopg2-2.9.10.tar.gz";

/** What psycopg2's own does without libpq-dev, in its words. */
const SETUP = `import shutil, sys
from setuptools import setup
if not shutil.which("pg_config"):
    sys.stderr.write("""
Error: pg_config executable not found.

pg_config is required to build psycopg2 from source.  Please add the directory
containing pg_config to the $PATH or specify the full executable path with the
option:

    python setup.py build_ext --pg-config /path/to/pg_config build ...

or with the pg_config option in 'setup.cfg'.

If you prefer to avoid building psycopg2 from source, please install the PyPI
'psycopg2-binary' package instead.
""")
    sys.exit(1)
setup(name="psycopg2", version="2.9.10")
`;

const project = (table = ""): string => `# syntax=microb/microb
[project]
name = "app"
version = "1"
requires-python = ">=3.11,<3.14"
dependencies = ["psycopg2"]
[tool.microb.target.default]
install = "source"
entrypoint = ["python"]
${table}
`;

/** Steps that fail: what their logs end with, and the report of the client. */
export function failingStepsOn(name: Engine["name"]): void {
  describeOn(name, "failing steps", (engine) => {
    const docker = dockerOf(engine);
    let served: string;
    let sha256: string;

    beforeAll(() => {
      served = mkdtempSync(join(WHEELS, "failing-"));
      const directory = join(served, SDIST.replace(".tar.gz", ""));
      mkdirSync(directory);
      writeFileSync(join(directory, "setup.py"), SETUP);
      writeFileSync(join(directory, "PKG-INFO"), "Metadata-Version: 2.1\nName: psycopg2\nVersion: 2.9.10\n");
      expect(spawnSync("tar", ["-czf", SDIST, "psycopg2-2.9.10"], { cwd: served }).status).toBe(0);
      rmSync(directory, { recursive: true });
      sha256 = createHash("sha256")
        .update(readFileSync(join(served, SDIST)))
        .digest("hex");
    });
    afterAll(() => rmSync(served, { recursive: true }));

    const lock = (): string => `lock-version = "1.0"
created-by = "test"
[[packages]]
name = "psycopg2"
version = "2.9.10"
sdist = { url = "${INDEX.replace("simple/psycopg2", "files")}${SDIST}", hashes = { sha256 = "${sha256}" } }
`;

    const WAYS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
      pip: () => ({ "pyproject.toml": project() }),
      uv: () => ({ "pyproject.toml": project('installer = "uv"') }),
      "pip with credentials": () => ({
        "pyproject.toml": project(
          'indices = [{ url = "http://198.51.100.1:3141/simple/", trust = true, username = "ann", password = "hunter2" }]',
        ),
      }),
      "a lock": () => ({
        "pyproject.toml": project('indices = [{ url = "http://198.51.100.1:3141/simple/", trust = true }]'),
        "pylock.toml": lock(),
      }),
    };

    test.each(Object.entries(WAYS))("a build by %s ends with its cause and what to do", async (_, files) => {
      const { code, stderr } = await docker(["build", "--no-cache", "-f", "pyproject.toml", "."], {
        cwd: tempProject(files()),
      });
      expect(code).toBe(1);
      const [, failed = ""] = /^#(\d+) ERROR: /m.exec(stderr) ?? [];
      const log = [...stderr.matchAll(new RegExp(`^#${failed} \\d+\\.\\d+ (.*)$`, "gm"))].map(([, line]) => line);
      expect(log.slice(-3).join("\n"), stderr).toContain("pg_config executable not found.");
      expect(log.slice(-3).join("\n")).toContain('build_deps = ["gcc", "libpq-dev"]');
      expect(log.slice(-3).join("\n")).toContain('system_deps = ["libpq5"]');
      const last = stderr.trimEnd().split("\n").at(-1) ?? "";
      expect(last).toMatch(/exit code: 1/);
      expect(last.length).toBeLessThan(1300);
      expect(stderr).not.toContain("hunter2@");
    });

    test("a program that is not in the image is an error, at the key that names it", async () => {
      const toml = project().replace("psycopg2", "flask").replace('["python"]', '["gunicorn", "app:create()"]');
      const { code, stderr } = await docker(["build", "-f", "pyproject.toml", "."], {
        cwd: tempProject({ "pyproject.toml": toml }),
      });
      expect(code).toBe(1);
      expect(stderr).toContain('microb: the image has no program "gunicorn": add the package that has it');
      // The client of 20.10 drops what errors carry besides their text.
      expect(stderr).toMatch(
        name === "floor" ? /\[check\] start gunicorn/ : />>> entrypoint = \["gunicorn", "app:create\(\)"\]/,
      );
    });
  });
}
