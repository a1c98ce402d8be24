import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { solve } from "../support/buildkit-client.ts";
import { dockerOf, output } from "../support/docker.ts";
import { difference, imageContents } from "../support/image-contents.ts";

const CLI = join(import.meta.dirname, "../../src/bin/cli.ts");
const EXAMPLE = join(import.meta.dirname, "../../examples/minimal");

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "microb-llb-"));
  cpSync(EXAMPLE, project, { recursive: true });
  mkdirSync(join(project, ".venv/bin"), { recursive: true });
  writeFileSync(join(project, ".venv/bin/python"), "not to be sent");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Runs the command line as a user does. */
function llb(cwd: string, filename: string): Buffer {
  const tsx = import.meta.resolve("tsx");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", tsx, CLI, "-llb", "-filename", filename],
    {
      cwd,
    },
  );
  if (status !== 0) throw new Error(`-llb ended with ${status}: ${stderr}`);
  return stdout;
}

describe.each(inject("engines"))("what -llb prints on $name", (engine) => {
  const docker = dockerOf(engine);
  const images = ["microb-test/llb", "microb-test/llb-frontend"] as const;
  afterAll(() => docker(["rmi", "-f", ...images]));

  test("builds through BuildKit's API, to the image that a build makes", async () => {
    const [image, built] = images;
    const directories = { context: project, dockerfile: project };
    const definition = llb(project, "pyproject.toml");
    const sent = await solve(engine.host, { definition, directories, image });
    expect([...sent].sort()).toEqual(["context:hello/__init__.py", "context:pyproject.toml", "context:test.json"]);
    await output(docker, ["build", "-f", "pyproject.toml", "-t", built, "."], { cwd: project });
    const [one, other] = await Promise.all([imageContents(engine, image), imageContents(engine, built)]);
    expect(one.size).toBeGreaterThan(1000);
    // It has the day on which the user was made, and either build may be cached.
    expect(Object.keys(difference(one, other)).filter((path) => path !== "etc/shadow")).toEqual([]);
  });

  test("a directory that the client does not offer is the daemon's error", async () => {
    const definition = llb(project, "pyproject.toml");
    const failure = solve(engine.host, { definition, directories: { other: project }, image: images[0] });
    await expect(failure).rejects.toThrow("no directory context");
  });
});
