import { describe, expect, inject, test } from "vitest";
import { dockerOf, output } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

// npm run test:live: the public package index itself, which the other tests do without.

const [engine] = inject("engines").filter(({ name }) => name === "containerd");

describe.skipIf(engine === undefined)("the public index", () => {
  test("a web application with compiled dependencies", async () => {
    if (engine === undefined) return;
    const docker = dockerOf(engine);
    const cwd = tempProject({
      "pyproject.toml": `# syntax=microb/microb
[project]
name = "app"
version = "1"
requires-python = ">=3.11,<3.14"
dependencies = ["fastapi", "uvicorn[standard]", "pydantic-settings", "numpy", "sqlalchemy"]
[project.scripts]
app = "app:main"
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[tool.setuptools]
py-modules = ["app"]
[tool.microb.target.default]
# The bases of the test engine name its own index in /etc/pip.conf.
env = { PIP_CONFIG_FILE = "/dev/null" }
`,
      "app.py": `def main():
    import fastapi, numpy, pydantic_core, sqlalchemy, uvicorn, uvloop
    print("sum", int(numpy.arange(4).sum()), fastapi.FastAPI().title)
`,
    });
    const tag = "microb-test/live";
    try {
      await output(docker, ["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd, timeout: 600_000 });
      expect(await output(docker, ["run", "--rm", "--read-only", "--tmpfs", "/tmp", tag])).toBe("sum 6 FastAPI\n");
    } finally {
      await docker(["rmi", "-f", tag]);
    }
  });
});
