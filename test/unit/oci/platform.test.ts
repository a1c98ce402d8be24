import { expect, test } from "vitest";
import { formatPlatform, normalizePlatform, parsePlatform } from "../../../src/oci/platform.ts";

// What containerd's `platforms.Normalize` and `Format` make of the same texts.
test.each([
  ["linux/amd64", "linux/amd64"],
  ["linux/amd64/v1", "linux/amd64"],
  ["linux/amd64/v2", "linux/amd64/v2"],
  ["Linux/AMD64", "linux/amd64"],
  ["linux/x86_64", "linux/amd64"],
  ["linux/x86-64", "linux/amd64"],
  ["linux/arm64", "linux/arm64"],
  ["linux/arm64/v8", "linux/arm64"],
  ["linux/arm64/8", "linux/arm64"],
  ["linux/aarch64", "linux/arm64"],
  ["linux/arm", "linux/arm/v7"],
  ["linux/arm/7", "linux/arm/v7"],
  ["linux/arm/v6", "linux/arm/v6"],
  ["linux/armhf", "linux/arm/v7"],
  ["linux/armel", "linux/arm/v6"],
  ["linux/i386", "linux/386"],
  ["linux/riscv64", "linux/riscv64"],
  [" linux/s390x ", "linux/s390x"],
  ["windows/amd64", "windows/amd64"],
  ["linux/constructor", "linux/constructor"],
  ["linux/arm64/v8.0", "linux/arm64"],
  ["linux/arm64/9.0", "linux/arm64/v9"],
  ["linux/arm/7.0", "linux/arm/v7"],
  // A word alone.
  ["arm64", "linux/arm64"],
  ["AArch64", "linux/arm64"],
  ["armhf", "linux/arm/v7"],
  ["arm", "linux/arm/v7"],
  ["386", "linux/386"],
  ["linux", "linux/riscv64"],
  ["Linux", "linux/riscv64"],
])("%s is %s", (text, expected) => {
  expect(formatPlatform(parsePlatform(text, { os: "linux", architecture: "riscv64" }))).toBe(expected);
});

test.each([
  "",
  "/",
  "windows",
  "constructor",
  "linux/",
  "/amd64",
  "linux/amd64/",
  "linux/amd64/v1/x",
  "linux/am d64",
  "linux/a$b",
])("%j is refused", (text) => {
  expect(() => parsePlatform(text, { os: "linux", architecture: "amd64" })).toThrow(`"${text}" is not a platform`);
});

test("an implied variant is absent, not undefined: it would be another key", () => {
  expect(Object.keys(normalizePlatform({ os: "", architecture: "arm64", variant: "" }))).toEqual([
    "os",
    "architecture",
  ]);
});
