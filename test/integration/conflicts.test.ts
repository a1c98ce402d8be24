import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { conflicts } from "../fixture/conflicting-wheels.ts";
import { type FileHost, type HostedWheel, PUBLIC_FILES, startFileHost } from "../fixture/file-host.ts";
import type { WheelSpec } from "../fixture/wheel.ts";
import { dockerOf, output } from "../support/docker.ts";
import { tempProject } from "../support/temp-project.ts";

const engines = inject("engines");
const engine = engines.find(({ name }) => name === "classic") ?? engines[0];

describe.skipIf(engine === undefined)(`two wheels with layers of their own on ${engine?.name}`, () => {
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  const tag = "microb-test/conflicts";
  let host: FileHost;
  beforeAll(async () => {
    host = await startFileHost();
  });
  afterAll(async () => {
    await Promise.all([host?.stop(), docker(["rmi", "-f", tag])]);
  });

  async function build(one: WheelSpec = {}, two: WheelSpec = {}): Promise<{ code: number | null; said: string }> {
    const hosted = (name: string, spec: WheelSpec): HostedWheel => ({
      ...{ name, files: { [`${name}.py`]: "" } },
      ...spec,
      // From this size on a wheel has a layer of its own.
      size: 2_000_000,
    });
    const cwd = tempProject({
      "pyproject.toml": `# syntax=microb/microb
[project]
name = "conflicts"
version = "1.0"
dependencies = ["one", "two"]

[tool.microb.target.default]
python_version = "3.13"
install = "source"
index_mirrors = { "${PUBLIC_FILES}" = "${host.url}" }
command = ["python", "app.py"]
`,
      "app.py": "",
      "pylock.toml": host.lock(hosted("one", one), hosted("two", two)),
    });
    const { code, stderr, stdout } = await docker(["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd });
    return { code, said: stderr + stdout };
  }

  test.each(conflicts("lib/python3.13/site-packages"))("are refused: $title", async ({ one, two, said }) => {
    const outcome = await build(one, two);
    expect(outcome.said).toMatch(/microb: (one|two)-1\.0[^\n]*: /);
    expect(outcome.said).toContain(said);
    expect(outcome.code, outcome.said).not.toBe(0);
  });

  test("are laid over one another if they bring the same bytes, and a wrong RECORD is told", async () => {
    // A step that is cached tells nothing.
    const files = { "shared/__init__.py": `VALUE = 'same'\nRUN = "${randomUUID()}"\n` };
    const record = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.replace(/^(shared.*,sha256=)[^,]*/, "$1AAAA"));
    const outcome = await build({ files }, { files, record });
    expect(outcome.code, outcome.said).toBe(0);
    expect(outcome.said).toContain(
      "microb: warning: two-1.0-py3-none-any.whl: holds another shared/__init__.py than RECORD says",
    );
    const run = ["run", "--rm", tag, "python", "-c", "import shared; print(shared.VALUE)"];
    expect(await output(docker, run)).toBe("same\n");
  });
});
