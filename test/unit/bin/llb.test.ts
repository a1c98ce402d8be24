import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const CLI = join(import.meta.dirname, "../../../src/bin/cli.ts");
const EXAMPLES = join(import.meta.dirname, "../../../examples");

/** Ends the process at the first attempt to look up a name or to connect. */
const NO_NETWORK = `import dns from "node:dns"; import net from "node:net"; import dgram from "node:dgram";
const refuse = () => { console.error("there is no network"); process.exit(99); };
dns.lookup = dns.resolve = dns.promises.lookup = net.Socket.prototype.connect = dgram.createSocket = refuse;
globalThis.fetch = refuse;`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "microb-llb-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function run(cwd: string, ...args: readonly string[]) {
  const imports = [import.meta.resolve("tsx"), `data:text/javascript,${encodeURIComponent(NO_NETWORK)}`];
  const flags = imports.flatMap((one) => ["--import", one]);
  return spawnSync(process.execPath, [...flags, CLI, ...args], { cwd });
}

function llb(cwd: string, filename: string, ...more: readonly string[]): Buffer {
  const { status, stdout, stderr } = run(cwd, "-llb", "-filename", filename, ...more);
  if (status !== 0) throw new Error(`-llb ended with ${status}: ${stderr}`);
  return stdout;
}

test("the same project gives the same bytes, in any directory and from any other, without a network", () => {
  const project = join(directory, "elsewhere");
  cpSync(join(EXAMPLES, "extras"), project, { recursive: true });
  symlinkSync(project, join(directory, "link"));
  const bytes = llb(join(EXAMPLES, "extras"), "pyproject.toml");
  expect(bytes.length).toBeGreaterThan(1000);
  expect(bytes.includes(directory) || bytes.includes(EXAMPLES)).toBe(false);
  expect(llb(project, "pyproject.toml").equals(bytes)).toBe(true);
  expect(llb(project, "./pyproject.toml").equals(bytes)).toBe(true);
  expect(llb("/", join(project, "pyproject.toml"), "-context", project).equals(bytes)).toBe(true);
  expect(llb(directory, "link/pyproject.toml", "-context", "link").equals(bytes)).toBe(true);
});

test("the guard of this test works", () => {
  const flags = ["--import", `data:text/javascript,${encodeURIComponent(NO_NETWORK)}`];
  const script = 'require("node:net").connect(1, "127.0.0.1")';
  expect(spawnSync(process.execPath, [...flags, "-e", script]).status).toBe(99);
});

test("nothing goes to standard output but the graph", () => {
  const { status, stdout, stderr } = run(directory, "-llb");
  expect([status, stdout.length]).toEqual([1, 0]);
  expect(stderr.toString()).toContain("pyproject.toml");
});
