import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cachePath } from "../../../src/bin/bundle-script.ts";

/** A function that is called and returns all that a CommonJS module is given, and one that is not called. */
const BUNDLE = `
  function called() { return [typeof require("node:fs").readFileSync, module.exports === exports, __filename, __dirname]; }
  function uncalled() { return [module, exports].map((one) => String(one)); }
  globalThis.ran = called();
`;

type Run = Readonly<{ rejected?: boolean; ran: unknown; fresh: number; warm: number }>;

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "microb-code-cache-"));
  file = join(directory, "bundle.cjs");
  writeFileSync(file, BUNDLE);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function runBundle(): Run {
  const script = join(import.meta.dirname, "run-bundle.ts");
  return JSON.parse(execFileSync(process.execPath, ["--import", "tsx", script, file], { encoding: "utf8" }));
}

test("a bundle runs as a CommonJS module, and functions that ran are in its cache", () => {
  const { rejected, ran, fresh, warm } = runBundle();
  expect(rejected).toBeUndefined();
  expect(ran).toEqual(["function", true, file, directory]);
  expect(warm).toBeGreaterThan(fresh);
});

test("the next process accepts the cache", () => {
  const { ran } = runBundle();
  expect(runBundle()).toMatchObject({ rejected: false, ran });
});

test.each([
  ["of another bundle", () => appendFileSync(file, "// one line more\n")],
  ["that is damaged", () => writeFileSync(cachePath(file), "not a cache")],
  ["that is empty", () => writeFileSync(cachePath(file), "")],
])("a cache %s is rejected, and the bundle runs all the same", (_, spoil) => {
  const { ran } = runBundle();
  spoil();
  expect(runBundle()).toMatchObject({ rejected: true, ran });
});
