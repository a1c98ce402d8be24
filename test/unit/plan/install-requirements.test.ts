import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunStep } from "../../../src/plan/step.ts";
import { BYTES, errorsOf, planOf, warningsOf } from "../../support/planning.ts";

const TOML = `[project]
name = "app"
[build-system]
[tool.microb.target.default]
requirements = "r.txt"
`;

/** The steps that install what a file says: their mounts, and their commands up to the installer's. */
async function steps(files: Readonly<Record<string, string>>, more = "") {
  const { plan } = await planOf(TOML + more, { files });
  return (plan.stages[0]?.steps ?? [])
    .filter((one): one is RunStep => one.kind === "run" && /^install requirements/.test(one.title))
    .map(({ title, mounts, commands }) => ({
      title,
      mounts: mounts.flatMap((one) => (one.kind === "context" ? [`${one.source} ${one.target}`] : [])),
      commands: commands
        .slice(0, commands.findIndex((one) => /^(?:pip|uv) .*install/.test(one)) + 1)
        .filter((one) => !one.includes("export") && !one.includes("settings")),
    }));
}

const INSTALL = "pip --python /home/nonroot/.local/bin/python install --no-compile";

test("directories are copied, editable ones taken out of the file and installed by the same call", async () => {
  const files = { "r.txt": "six\n-e ./core[web]\nlibs/two\n", "core/pyproject.toml": "", "libs/two/setup.py": "" };
  expect(await steps(files)).toEqual([
    {
      title: "install requirements: r.txt",
      mounts: ["r.txt /requirements/r.txt", "core /requirements/core", "libs/two /requirements/libs/two"],
      commands: [
        "mkdir -p /tmp/requirements",
        "cp -R /requirements/. /tmp/requirements",
        "sed -i '2,2s/.*//' /tmp/requirements/r.txt",
        "cd /tmp/requirements",
        `${INSTALL} --requirement /tmp/requirements/r.txt './core[web]'`,
      ],
    },
  ]);
});

test("with hashes, directories are installed before and by themselves: pip knows no hash of a directory", async () => {
  const files = { "r.txt": "-e .\n-e ./core\nsix==1 --hash=sha256:00\n", "core/pyproject.toml": "" };
  const found = await steps(files);
  expect(found.map(({ title, commands }) => [title, commands.at(-1)])).toEqual([
    ["install requirements: the directories of r.txt", `${INSTALL} --no-deps ./core`],
    ["install requirements: r.txt", `${INSTALL} --requirement /tmp/requirements/r.txt`],
  ]);
  expect(found[1]?.commands).toContain("sed -i '2,2s/.*//' /tmp/requirements/r.txt");
});

test("wheels and directories of wheels are mounted, not copied, and not twice if they are part of what is", async () => {
  const files = {
    "r.txt": "-f links\n./w/six-1-py3-none-any.whl\n./core\n./core/own.whl\n",
    "links/a.whl": "",
    "w/six-1-py3-none-any.whl": "",
    "core/setup.py": "",
    "core/own.whl": "",
  };
  expect((await steps(files))[0]?.mounts).toEqual([
    "r.txt /requirements/r.txt",
    "core /requirements/core",
    "links /tmp/requirements/links",
    "w/six-1-py3-none-any.whl /tmp/requirements/w/six-1-py3-none-any.whl",
  ]);
});

test("a file that is not UTF-8 is written anew before lines are taken out of it", async () => {
  const text = `${BYTES}\xff\xfe${Buffer.from("-e .\nflask\n", "utf16le").toString("latin1")}`;
  const [step] = await steps({ "r.txt": text });
  expect(step?.commands[2]).toMatch(/^python -Ic .* \/tmp\/requirements\/r\.txt utf-16$/);
  expect(step?.commands[3]).toMatch(/^sed -i -E /);
  const plain = `${BYTES}\xff\xfe${Buffer.from("flask\n", "utf16le").toString("latin1")}`;
  expect((await steps({ "r.txt": plain }))[0]?.commands).toEqual([`${INSTALL} --requirement /requirements/r.txt`]);
});

test("uv is given the same", async () => {
  const files = { "r.txt": "-e ./core\nsix==1 --hash=sha256:00\n", "core/pyproject.toml": "" };
  const found = await steps(files, 'installer = "uv"\n');
  expect(found.map(({ commands }) => commands.at(-1)?.split(" && ")[0])).toEqual([
    "uv pip install --python /home/nonroot/.local/bin/python --no-deps ./core",
    "uv pip install --python /home/nonroot/.local/bin/python --require-hashes --requirement /tmp/requirements/r.txt",
  ]);
});

test("uv is given in UTF-8 what only pip reads by its coding line", async () => {
  const text = (encoding: string): string => `${BYTES}# -*- coding: ${encoding} -*-\n# caf\xe9\nsix\n`;
  const [step] = await steps({ "r.txt": text("latin-1") }, 'installer = "uv"\n');
  expect(step?.commands.map((one) => one.replace(/-Ic '.*' /, "… "))).toEqual([
    "mkdir -p /dev/shm/microb",
    "mkdir -p /tmp/requirements",
    "cp -R /requirements/. /tmp/requirements",
    "python … /tmp/requirements/r.txt latin-1",
    "cd /tmp/requirements",
    expect.stringMatching(/^uv pip install .* --requirement \/tmp\/requirements\/r\.txt /),
  ]);
  const mark = `${BYTES}\xff\xfe${Buffer.from("six\n", "utf16le").toString("latin1")}`;
  for (const [files, more] of [
    [{ "r.txt": text("latin-1") }, ""],
    [{ "r.txt": mark }, 'installer = "uv"\n'],
    [{ "r.txt": "\uFEFFsix\r\nidna\r" }, 'installer = "uv"\n'],
    [{ "r.txt": text("utf-8").replace("\xe9", "e") }, 'installer = "uv"\n'],
  ] as const)
    expect((await steps(files, more))[0]?.mounts).toEqual(["r.txt /requirements/r.txt"]);
});

test("a file that is written anew has no coding line that would be wrong", async () => {
  const text = "# -*- coding: latin-1 -*-\r\n \t# caf\xe9\r\n# \xe9\r\n-e ./core\r\n";
  const files = { "r.txt": `${BYTES}${text}`, "core/pyproject.toml": "" };
  const [step] = await steps(files);
  const command = step?.commands.find((one) => one.startsWith("python -Ic")) ?? expect.fail();
  const directory = mkdtempSync(join(tmpdir(), "microb-recode-"));
  try {
    const path = join(directory, "r.txt");
    writeFileSync(path, Buffer.from(text, "latin1"));
    execFileSync("sh", ["-c", command.replace(/^python /, "python3 ").replace("/tmp/requirements/r.txt", path)]);
    expect(readFileSync(path, "utf8")).toBe("#\n#\n# é\n-e ./core\n");
    writeFileSync(path, Buffer.from("six", "latin1"));
    execFileSync("sh", ["-c", command.replace(/^python /, "python3 ").replace("/tmp/requirements/r.txt", path)]);
    expect(readFileSync(path, "utf8")).toBe("six");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

describe("a line that names the project", () => {
  const PROJECT = `[project]
name = "app"
version = "1"
dependencies = ["six>=1", "flask; python_version > '3'", "core"]
[project.optional-dependencies]
dev = ["idna", "app[more]"]
more = ["more"]
[tool.uv.sources]
core = { path = "core" }
[build-system]
requires = ["hatchling"]
[tool.microb.target.default]
requirements = "r.txt"
`;
  const CORE = { "core/pyproject.toml": "" };
  /** The words behind the file in the call of the installer. */
  const besides = async (lines: string, toml = PROJECT): Promise<string | undefined> => {
    const { plan, dependencies } = await planOf(toml, { files: { "r.txt": lines, ...CORE } });
    const commands = plan.stages[0]?.steps.flatMap((step) => (step.kind === "run" ? step.commands : [])) ?? [];
    const own = commands.find((one) => /^pip .* \/projectdir/.test(one)) ?? "";
    expect(own.includes("--no-deps")).toBe(dependencies.kind === "file" && dependencies.extras === undefined);
    return commands.flatMap((one) => /--requirement \S+(.*)$/.exec(one)?.[1] ?? []).join();
  };

  test("is what the project requires, and its extras", async () => {
    expect(await besides("-e .\n./core\n")).toBe(` 'flask; python_version > "3"' 'six>=1'`);
    expect(await besides("-e .[dev]\n./core\nflask==3.1\nsix===1.17.0\n")).toBe(" idna more");
    expect(await besides("-e .[dev]\n./core\nflask==3.*\nsix @ https://h/six-1.tar.gz\nidna==3\nmore==1\n")).toMatch(
      /^ 'flask; .*'$/,
    );
  });

  test("changes nothing if the file pins everything, as exports do", async () => {
    expect(await besides("-e .\n./core\nflask==3.1\nsix==1.17.0\n")).toBe("");
  });

  test("leaves sources to be told that pip cannot take", async () => {
    expect(await errorsOf(PROJECT, { files: { "r.txt": "-e .\n" } })).toContain('"core" is in "core"');
  });

  test("cannot add what has no hash", async () => {
    const toml = PROJECT.replace(', "core"', "");
    const files = {
      "r.txt": "-e .[dev]\nsix==1.17.0 --hash=sha256:00\nflask==3 --hash=sha256:00\nmore==1 --hash=sha256:00\n",
    };
    expect(await errorsOf(toml, { files })).toMatchInlineSnapshot(`
      "r.txt:1:1: error: the project requires "idna", which r.txt does not have [requirement.invalid]
        1 | -e .[dev]
          | ^^^^^^^^^
        help: list it with its hash: in a file with hashes everything has one"
    `);
    const known = { "r.txt": files["r.txt"].replace(".[dev]", ".") };
    await expect(planOf(toml, { files: known })).resolves.toBeDefined();
    const local = { "r.txt": `${files["r.txt"]}./core\n`, ...CORE };
    await expect(planOf(toml, { files: local })).resolves.toBeDefined();
  });

  test("has extras that are known", async () => {
    expect(await errorsOf(PROJECT, { files: { "r.txt": "./core\n.[dv]\n", ...CORE } })).toMatchInlineSnapshot(`
      "r.txt:2:1: error: the project has no extra "dv" [extra.unknown]
        2 | .[dv]
          | ^^^^^
        help: did you mean "dev"? known extras: dev, more"
    `);
  });

  test("is installed with its dependencies if only its build knows them", async () => {
    const toml = PROJECT.replace(/dependencies = .*/, 'dynamic = ["dependencies"]');
    const files = { "r.txt": "-e .[dev]\nflask\n" };
    expect(await besides(files["r.txt"], toml)).toBe("");
    expect(await warningsOf(toml, { files })).toMatchInlineSnapshot(`
      "r.txt:1:1: warning: the dependencies are dynamic: all dependencies are installed together with the project, and again after every change of it [project.dynamic]
        1 | -e .[dev]
          | ^^^^^^^^^
        help: list them in the requirements file, or declare project.dependencies"
    `);
    const { plan } = await planOf(toml, { files });
    expect(JSON.stringify(plan)).toContain("install --no-compile '/projectdir[dev]'");
    expect(await besides("-e .[dev]\nflask==3 --hash=sha256:00\n", toml)).toBe("");
  });

  test("and from the files that setuptools reads", async () => {
    const toml = `${PROJECT.replace(/dependencies = .*/, 'dynamic = ["dependencies"]')}[tool.setuptools.dynamic]\ndependencies = { file = "own.txt" }\n`;
    const { dependencies } = await planOf(toml, { files: { "r.txt": "-e .\n", "own.txt": "attrs\n" } });
    expect(dependencies).toMatchObject({ kind: "file", requirements: ["attrs"] });
  });
});
