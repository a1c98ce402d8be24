import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Input } from "./fuzz/build.ts";
import { MAX_MEGABYTES, MAX_SECONDS } from "./fuzz/limits.ts";
import { lockOf } from "./fuzz/locks.ts";

// The largest files that are read, full of what takes most memory: each in a process of its own, as a frontend is.

const PROJECT = '[project]\nname = "app"\nversion = "1"\n';
const LOCKED = `${PROJECT}dependencies = ["b"]\n`;

/** A build file that is as large as may be, with a mistake at its end: all of it is gone through to place that. */
function buildFile(start: string, text: string, end = ""): Input {
  const mistake = "\n[tool.microb]\nx = 1\n";
  const room = 384 * 1024 - PROJECT.length - start.length - end.length - mistake.length;
  return { toml: PROJECT + start + text.repeat(room / text.length) + end + mistake };
}

function lock(text: string): Input {
  const room = (16 << 20) - lockOf("uv.lock").length;
  return { toml: LOCKED, files: { "uv.lock": lockOf("uv.lock", { more: text.repeat(room / text.length) }) } };
}

function requirements(text: string): Input {
  const toml = `${PROJECT}[tool.microb.target.default]\nrequirements = "r.txt"\n`;
  return { toml, files: { "r.txt": text.repeat((16 << 20) / text.length) } };
}

test.each<[name: string, input: () => Input]>([
  ["numbers", () => buildFile("x = [", "1,", "]")],
  ["tables", () => buildFile("x = [", "{a=1},", "]")],
  ["texts", () => buildFile("x = [", '"",', "]")],
  ["arrays of tables", () => buildFile("", "[[tool.x]]\n")],
  ["deep arrays", () => ({ toml: `${PROJECT}x = ${"[".repeat(195_000)}` })],
  ["comments", () => buildFile("", "#\n")],
  ["one path", () => buildFile('readme = "', "a/", '"\n[build-system]\nrequires = ["setuptools"]')],
  ["a lock of one comment", () => lock("#")],
  [
    "a lock of texts",
    () => ({
      toml: LOCKED,
      files: { "uv.lock": `${lockOf("uv.lock")}x = [${'"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",'.repeat(480_000)}]` },
    }),
  ],
  [
    "a lock of addresses that is not TOML",
    () => ({
      toml: LOCKED,
      files: { "uv.lock": `${lockOf("uv.lock")}${"# https://h/?a\n".repeat(1_000_000)}x = [` },
    }),
  ],
  [
    "a lock of edges",
    () => ({
      toml: LOCKED,
      files: {
        "uv.lock": lockOf("uv.lock").replace(
          '{ name = "b" }',
          '{ name = "b", marker = "os_name == \'posix\'" },'.repeat(80_000),
        ),
      },
    }),
  ],
  ["lines of requirements", () => requirements("a\n")],
  ["long lines of requirements", () => requirements(`a==1 ${"--hash=sha256:0 ".repeat(60)}\n`)],
])("%s take no more than half a gigabyte", (_, make) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "fuzz/measure.ts")],
    { input: JSON.stringify(make()), maxBuffer: 1 << 28 },
  );
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  const { seconds, megabytes } = JSON.parse(stdout.toString()) as { seconds: number; megabytes: number };
  expect(megabytes).toBeLessThan(MAX_MEGABYTES);
  expect(seconds).toBeLessThan(2 * MAX_SECONDS);
});
