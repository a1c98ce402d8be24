import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { llb } from "../../../src/command/llb.ts";
import { dump } from "../../../src/llb/dump.ts";

async function graph(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "microb-llb-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const { definition } = await llb({ filename: join(directory, "pyproject.toml"), target: "", buildArgs: new Map() });
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
