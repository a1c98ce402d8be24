import { expect, test } from "vitest";
import type { RunStep } from "../../../src/plan/step.ts";
import { BYTES, planOf } from "../../support/planning.ts";

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
