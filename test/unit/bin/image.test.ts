import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { bundleFrontend, bundleImageCommand } from "../../../script/bundle-frontend.ts";
import { warmRun } from "../../../script/warm-run.ts";

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "microb-image-"));
  await Promise.all([bundleFrontend(directory), bundleImageCommand(directory)]);
  writeFileSync(join(directory, "pyproject.toml"), '[project]\nname = "x"\nversion = "1"\n');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts what the image starts, without an input, in a directory with a project. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(directory, "main.cjs"), ...args], {
    cwd: directory,
    env: { PATH: process.env["PATH"], ...env },
    input: "",
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("with arguments it is the command line", () => {
  expect(start(["--version"])).toEqual({ status: 0, stdout: `microb ${packageJson.version}\n`, stderr: "" });
  expect(start(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("Usage: microb [options]") });
  expect(start(["-dockerfile"])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^# Made by microb/) });
  expect(start(["-llb"]).status).toBe(0);
  const session = { BUILDKIT_SESSION_ID: "s" };
  expect(start(["--version"], session)).toMatchObject({ status: 0, stderr: "" });
});

test("without arguments and without BuildKit it says how it is used", () => {
  expect(start([])).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("Usage: microb [options]"),
  });
});

test.each([[[]], [["-buildkit"]]])("for BuildKit it is the frontend: %j", async (args) => {
  await warmRun([process.execPath, join(directory, "main.cjs"), ...args]);
});
