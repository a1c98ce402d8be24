import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readDynamic } from "../../../script/elf/dynamic.ts";
import { architectureOf, readElf, SEGMENT } from "../../../script/elf/elf-file.ts";
import { slimNode } from "../../../script/elf/slim-node.ts";
import { nodeFiles } from "../../../script/image/node-files.ts";
import { rootTree } from "../../../script/image/root-tree.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "microb-root-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const CHECK = `
  const { Worker } = require("node:worker_threads");
  const { createHash } = require("node:crypto");
  require("node:http2");
  try { null.x } catch { console.log(createHash("sha256").update("x").digest("hex").slice(0, 4)) }
  console.log(new Intl.NumberFormat("de").format(1e6));
  new Worker('console.log("worker")', { eval: true });
`;

describe.runIf(existsSync("/usr/bin/node") || existsSync("/usr/local/bin/node"))(
  "with the Node of this machine",
  () => {
    test("what is left of Node runs as before, and is smaller", () => {
      const { files, architecture } = nodeFiles(rootTree("/"));
      const [node, ...libraries] = files;
      if (node === undefined) throw new Error("no node");
      const original = readFileSync(node.from);
      const file = join(directory, "node");
      writeFileSync(file, node.bytes, { mode: 0o755 });
      expect(execFileSync(file, ["-e", CHECK], { encoding: "utf8" })).toBe("2d71\n1.000.000\nworker\n");
      expect(architecture).toBe(process.arch === "x64" ? "amd64" : process.arch);
      expect(node.bytes.length).toBeLessThan(original.length);
      expect(libraries.map(({ path }) => path)).toEqual(
        expect.arrayContaining([expect.stringMatching(/\/libc\.so\.6$/)]),
      );
      const elf = readElf(node.bytes);
      expect(elf.sections).toEqual([]);
      for (const { offset, address, align } of elf.segments.filter(({ type }) => type === SEGMENT.load)) {
        expect((address - offset) % align).toBe(0);
      }
      expect(readDynamic(elf).needed).toEqual(readDynamic(readElf(original)).needed);
    });

    test("making it smaller again changes nothing", () => {
      const [node] = nodeFiles(rootTree("/")).files;
      const bytes = node?.bytes ?? Buffer.alloc(0);
      expect(slimNode(bytes, new Set()).equals(bytes)).toBe(true);
    });
  },
);

test("a base without Node is said to have none", () => {
  expect(() => nodeFiles(rootTree(directory))).toThrow("the base image has none of /usr/local/bin/node");
});

test("a library that is missing is named", () => {
  mkdirSync(join(directory, "usr/bin"), { recursive: true });
  writeFileSync(join(directory, "usr/bin/node"), readFileSync("/bin/sh"));
  expect(() => nodeFiles(rootTree(directory))).toThrow(/the base image has no .*(?:ld-|libc)/);
});

test("what is no program of Linux is refused", () => {
  expect(() => readElf(Buffer.alloc(100))).toThrow("not a little-endian ELF file");
  expect(() => readElf(Buffer.from("#!/bin/sh"))).toThrow("not a little-endian ELF file");
});

test("machines have the names that Docker gives them", () => {
  const names = [3, 40, 62, 183, 8].map((machine) =>
    architectureOf({ bytes: Buffer.alloc(0), wide: true, machine, segments: [], sections: [] }),
  );
  expect(names).toEqual(["386", "arm", "amd64", "arm64", "machine 8"]);
});

describe("links in a root file system", () => {
  test("lead to where they would in there", () => {
    mkdirSync(join(directory, "usr/lib"), { recursive: true });
    writeFileSync(join(directory, "usr/lib/a"), "text");
    symlinkSync("usr/lib", join(directory, "lib"));
    symlinkSync("/lib/a", join(directory, "absolute"));
    symlinkSync("../../../../lib/a", join(directory, "usr/lib/above"));
    const tree = rootTree(directory);
    expect(tree.resolve("/lib/a")).toBe("/usr/lib/a");
    expect(tree.read("/absolute").toString()).toBe("text");
    expect(tree.resolve("/lib/above")).toBe("/usr/lib/a");
    expect(tree.list("/lib")).toEqual(["a", "above"]);
  });

  test("that lead nowhere, or round and round, are not there", () => {
    symlinkSync("/etc/passwd", join(directory, "outside"));
    symlinkSync("round", join(directory, "round"));
    const tree = rootTree(directory);
    expect(tree.resolve("/outside")).toBeUndefined();
    expect(tree.resolve("/round")).toBeUndefined();
    expect(tree.list("/none")).toEqual([]);
  });
});
