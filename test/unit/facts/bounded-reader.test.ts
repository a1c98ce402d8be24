import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { boundedReader } from "../../../src/facts/bounded-reader.ts";
import { localReader } from "../../../src/facts/local-reader.ts";
import { recordReader, renderError } from "../../support/planning.ts";

test("what is larger than a limit is an error at the file", async () => {
  const reader = boundedReader(recordReader({ a: "x".repeat(10), b: "x".repeat(11) }), 10);
  expect(await reader.readText("a")).toHaveLength(10);
  expect(await reader.readText("none")).toBeUndefined();
  for (const read of [reader.readText, reader.readBytes]) {
    expect(await renderError(() => read("b"))).toContain(
      "b:1:1: error: the file has 11 bytes; microb reads at most 10",
    );
  }
});

test("of this machine neither files of gigabytes nor what is no file is read", async () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-reader-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "large"), "");
  truncateSync(join(directory, "large"), 8 * 2 ** 30);
  execFileSync("mkfifo", [join(directory, "pipe")]);
  const reader = localReader(directory);
  expect(await renderError(() => reader.readText("large"))).toContain(
    "large:1:1: error: the file has 8589934592 bytes",
  );
  expect(await reader.readText("pipe")).toBeUndefined();
  expect(await reader.readText(".")).toBeUndefined();
});
