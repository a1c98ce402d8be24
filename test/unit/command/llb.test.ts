import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { llb } from "../../../src/command/llb.ts";
import { localContext } from "../../../src/command/local-context.ts";
import { dump } from "../../../src/llb/dump.ts";

async function graph(
  files: Readonly<Record<string, string>>,
  buildArgs: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "microb-llb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const filename = join(directory, "pyproject.toml");
  const context = localContext({ filename });
  const { definition } = await llb({ filename, context, target: "", buildArgs });
  return dump(definition);
}

const PROJECT = { "pyproject.toml": '[project]\nname = "x"\n[build-system]\nrequires = []\n' };

test("what ignore files name does not enter the context; that of the build file beats the general one", async () => {
  expect(await graph(PROJECT)).toContain('"dist"]');
  expect(await graph({ ...PROJECT, ".dockerignore": "*.md\n" })).toContain('"dist","*.md"]');
  const own = { ...PROJECT, ".dockerignore": "*.md\n", "pyproject.toml.dockerignore": "!dist\n" };
  expect(await graph(own)).toContain('"dist","!dist"]');
});

test("it names no session and no digest: it is the same everywhere", async () => {
  const text = await graph(PROJECT);
  expect(text).not.toContain("local.session");
  expect(text).toContain("docker-image://docker.io/library/python:3.14\n");
});

test("commands get the proxies of the build, as they do from the frontend", async () => {
  expect(await graph(PROJECT, new Map([["https_proxy", "http://proxy.example.org"]]))).toContain(
    "http://proxy.example.org",
  );
});

test("what the build file's check line skips is skipped in warnings of the graph too", async () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-llb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const filename = join(directory, "pyproject.toml");
  const toml = `${PROJECT["pyproject.toml"]}[tool.microb.target.a]\nenv.A = "$NEVER"\n`;
  const codes = async (text: string): Promise<readonly string[]> => {
    writeFileSync(filename, text);
    const context = localContext({ filename });
    return (await llb({ filename, context, target: "", buildArgs: new Map() })).warnings.map(({ code }) => code);
  };
  expect(await codes(toml)).toContain("substitution.unset");
  expect(await codes(`# check=skip=UnsetVariable\n${toml}`)).not.toContain("substitution.unset");
});
