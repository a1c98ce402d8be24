import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isArchive } from "../../../src/frontend/is-archive.ts";
import { tar } from "../../fixture/tar.ts";

const PLAIN = tar({ "pyproject.toml": "[project]" });

/** The same archive as programs from before POSIX wrote it. */
function ancient(): Buffer {
  const archive = Buffer.from(PLAIN);
  archive.fill(0, 257, 265);
  archive.write("        ", 148);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return archive;
}

test.each([
  ["a tar archive", PLAIN],
  ["one of an old program", ancient()],
  ["one that is packed", gzipSync(PLAIN)],
  ["bzip2", Buffer.from("BZh91AY&SY")],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0])],
])("%s is an archive", (_, bytes) => {
  expect(isArchive(bytes.subarray(0, 1024))).toBe(true);
});

test.each([
  ["nothing", Buffer.alloc(0)],
  ["zeroes", Buffer.alloc(1024)],
  ["an archive cut short", PLAIN.subarray(0, 511)],
  ["an archive with a bit that fell over", Buffer.from(PLAIN).fill(0x41, 0, 1)],
])("%s is none", (_, bytes) => {
  expect(isArchive(bytes)).toBe(false);
});

test("no text is an archive", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 1024 }), (text) => {
      fc.pre(!text.startsWith("BZh"));
      expect(isArchive(Buffer.from(text))).toBe(false);
    }),
  );
});
