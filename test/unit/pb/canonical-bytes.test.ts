import { expect, test } from "vitest";
import { encode } from "../../../src/pb/encode.ts";
import { gateway, llb } from "../../../src/pb/generated.js";
import { toInt64 } from "../../../src/pb/int64.ts";

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** `-1` as BuildKit writes it: ten bytes. */
const MINUS_ONE = "ffffffffffffffffff01";

test("zero values are left out, even when they are set", () => {
  const mount = { input: 0, selector: "", dest: "/", output: 0, readonly: false, mountType: 0, contentCache: 0 };
  expect(hex(encode(llb.Mount, mount))).toBe("1a012f");
  expect(hex(encode(llb.SourceInfo, { filename: "", data: new Uint8Array(), language: "" }))).toBe("");
  expect(hex(encode(llb.FileActionMkFile, { path: "/a", mode: 0, timestamp: toInt64(0n) }))).toBe("0a022f61");
});

test("a zero that was chosen is written: user 0, and an empty message", () => {
  expect(hex(encode(llb.UserOpt, { byId: 0 }))).toBe("1000");
  expect(hex(encode(llb.Mount, { tmpfsOpt: { size: 0 } }))).toBe("9a0100");
  expect(hex(encode(gateway.Result, { ref: { id: "" } }))).toBe("1a00");
});

test("fields are written by number, in whichever order they are set", () => {
  expect(hex(encode(llb.Input, { index: 1, digest: "d" }))).toBe("0a01641001");
});

test("-1 takes ten bytes in 32 and in 64 bit fields", () => {
  const expected = `0a012f12016220${MINUS_ONE}58${MINUS_ONE}`;
  expect(hex(encode(llb.FileActionCopy, { src: "/", dest: "b", mode: -1, timestamp: -1 }))).toBe(expected);
});

test("numbers are packed", () => {
  expect(hex(encode(llb.Meta, { validExitCodes: [0, 1, 300] }))).toBe("62040001ac02");
});

test("times keep every nanosecond", () => {
  const time = 1_700_000_000_000_000_001n;
  expect(hex(encode(llb.FileActionMkDir, { timestamp: toInt64(time) }))).toBe(`28${varint(time)}`);
});

test("map entries are written in byte order of their keys, and always with key and value", () => {
  const attrs = { b: "2", "10": "x", "9": "y", a: "" };
  const entry = (key: string, value: string) => {
    const body = `0a${size(key)}${hex(Buffer.from(key))}12${size(value)}${hex(Buffer.from(value))}`;
    return `12${(body.length / 2).toString(16).padStart(2, "0")}${body}`;
  };
  expect(hex(encode(llb.SourceOp, { attrs }))).toBe(
    entry("10", "x") + entry("9", "y") + entry("a", "") + entry("b", "2"),
  );
});

test("an image op as a whole", () => {
  const platform = "520e" + "0a05616d643634" + "12056c696e7578";
  const source = `1a1c0a1a${hex(Buffer.from("docker-image://alpine:3.20"))}`;
  const op = { platform: { os: "linux", architecture: "amd64" }, source: { identifier: "docker-image://alpine:3.20" } };
  expect(hex(encode(llb.Op, op))).toBe(source + platform);
});

function size(text: string): string {
  return Buffer.byteLength(text).toString(16).padStart(2, "0");
}

function varint(value: bigint): string {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return hex(Buffer.from([...bytes, Number(rest)]));
}
