import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { localReader, pathWithin } from "../../../src/facts/local-reader.ts";

const outer = mkdtempSync(join(tmpdir(), "microb-reader-"));
const context = join(outer, "context");
afterAll(() => rmSync(outer, { recursive: true, force: true }));

mkdirSync(join(context, "app/etc"), { recursive: true });
mkdirSync(join(context, "etc"));
writeFileSync(join(outer, "secret"), "of the machine");
writeFileSync(join(context, "etc/hostname"), "of the context");
writeFileSync(join(context, "app/own"), "own");
for (const [name, target] of [
  ["absolute", "/etc/hostname"],
  ["above", "../secret"],
  ["far-above", "../../../../../../../../etc/hostname"],
  ["outer", join(outer, "secret")],
  ["directory", outer],
  ["chain", "app/back"],
  ["app/back", "../etc/../etc/hostname"],
  ["loop", "loop"],
  ["fine", "./app/./own"],
] as const) {
  symlinkSync(target, join(context, name));
}

const reader = localReader(context);

describe("links lead to what a build finds there", () => {
  test.each([
    ["absolute", "of the context"],
    ["above", undefined],
    ["far-above", "of the context"],
    ["outer", undefined],
    ["directory/secret", undefined],
    ["../secret", undefined],
    ["app/../../secret", undefined],
    ["chain", "of the context"],
    ["loop", undefined],
    ["fine", "own"],
    ["app/own", "own"],
    ["a\0b", undefined],
    ["app", undefined],
  ])("%s", async (path, text) => {
    expect(await reader.readText(path)).toBe(text);
    expect((await reader.readBytes(path))?.toString()).toBe(text);
  });

  test("what is there is found, and what is not is not", async () => {
    const found = await reader.find(["absolute", "above", "outer", "directory", "fine", "app", "directory/*", "loop"]);
    expect([...found]).toEqual([
      ["absolute", "file"],
      ["app", "directory"],
      ["fine", "file"],
    ]);
  });

  test("no path leads out, whatever links are on it", async () => {
    for (const path of ["outer", "above", "directory", "directory/../..", "../../x", "/", "", "."]) {
      expect(`${await pathWithin(context, path)}/`).toMatch(new RegExp(`^${context}/`));
    }
  });
});

test("a pipe is no file", async () => {
  execFileSync("mkfifo", [join(context, "pipe")]);
  expect(await reader.readText("pipe")).toBeUndefined();
});

test.skipIf(process.getuid?.() === 0)("a file that may not be read is the user's problem", async () => {
  writeFileSync(join(context, "closed"), "");
  chmodSync(join(context, "closed"), 0);
  await expect(reader.readText("closed")).rejects.toThrow("cannot read closed: nobody may read it but its owner");
});
