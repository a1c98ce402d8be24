import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };

const CLI = join(import.meta.dirname, "../../../src/bin/cli.ts");
const TSX = createRequire(import.meta.url).resolve("tsx");
const directory = mkdtempSync(join(tmpdir(), "microb-cli-"));

/** Runs the command line in an empty directory but for two projects, outside of BuildKit. */
function microb(...args: readonly string[]): Readonly<{ status: number | null; stdout: string; stderr: string }> {
  const { BUILDKIT_SESSION_ID: _, ...env } = process.env;
  const options = { cwd: directory, env, encoding: "utf8", input: "" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", TSX, CLI, ...args], options);
  return { status, stdout, stderr };
}

beforeAll(() => {
  mkdirSync(join(directory, "app"));
  const text = '[project]\nname = "app"\n[tool.microb.target.web]\nenv.A = "$A"\nrequirements = "lock.txt"\n';
  writeFileSync(join(directory, "app/pyproject.toml"), text);
  writeFileSync(join(directory, "lock.txt"), "-e .\nflask==3.0\n");
  writeFileSync(join(directory, "app/.python-version"), "3.12\n");
  writeFileSync(join(directory, "empty.toml"), "");
  writeFileSync(
    join(directory, "broken.toml"),
    '[project]\nname = "app"\n\n[tool.microb.target.web]\nflavour = "alpine"\n',
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("the Dockerfile is on standard output and nothing else is", () => {
  const { status, stdout, stderr } = microb("-dockerfile", "-filename", "app/pyproject.toml", "--build-arg", "A=b");
  expect(stdout).toMatch(/^# Made by microb/);
  expect(stdout).toContain("FROM python:3.12 AS builder\n");
  expect(stdout).toContain("source=lock.txt,target=/requirements/lock.txt");
  expect(stdout).toContain("ENV A=b\n");
  expect(stdout).not.toContain("warning");
  expect(stderr).toMatch(
    /^microb: the build context is the working directory; to choose another, pass -context\n2 warnings:\n/,
  );
  expect(stderr).toContain("\napp/pyproject.toml:1:2: warning: there is no [build-system]");
  expect(status).toBe(0);
});

test("the build context is the one that is named", () => {
  const { stdout, stderr } = microb("-dockerfile", "-filename=app/pyproject.toml", "-context=app");
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^app\/pyproject\.toml:5:16: error: there is no file "lock.txt" in the build context/);
});

test("a file that is wrong ends with 1, and says where on standard error", () => {
  expect(microb("-dockerfile", "-filename=broken.toml")).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^broken\.toml:5:1: error: unknown key "flavour"/),
  });
});

test.each([
  ["that is not there", "none.toml", "cannot read none.toml: there is no such file"],
  ["that is a directory", "app", "cannot read app: it is a directory"],
  ["that is empty", "empty.toml", "empty.toml is empty"],
])("a build file %s ends with 1", (_, filename, message) => {
  const { status, stdout, stderr } = microb("-dockerfile", "-filename", filename);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a target that is not there ends with 1", () => {
  const { status, stderr } = microb("-dockerfile", "-filename", "app/pyproject.toml", "-app", "wbe");
  expect(status).toBe(1);
  expect(stderr).toContain('did you mean "web"?');
});

test.each([
  [["-dokcerfile"], 'did you mean "dockerfile"?'],
  [["-dockerfile", "extra"], 'unexpected argument "extra"'],
])("a command line that is wrong ends with 2: %j", (args, message) => {
  const { status, stdout, stderr } = microb(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).toContain('Try "microb --help".');
});

test("outside of BuildKit there is nothing to wait for: the usage is printed", () => {
  const { status, stdout, stderr } = microb();
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("Usage: microb [options]");
});

test("help and version are answers", () => {
  expect(microb("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("Usage: microb"), stderr: "" });
  expect(microb("--version")).toEqual({ status: 0, stdout: `microb ${packageJson.version}\n`, stderr: "" });
});
