import { expect, test } from "vitest";
import { digestOf } from "../../../src/llb/digest.ts";
import { encodeOp } from "../../../src/llb/encode-op.ts";
import { image } from "../../../src/llb/image.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { encode } from "../../../src/pb/encode.ts";
import { llb } from "../../../src/pb/generated.js";

const REFERENCE =
  "docker.io/library/python:3.13@sha256:67fd089093cb4a2a4a9dcb787b2a19f91906e4a7579393e7918f8033edfafae8";

test("an op has the digest by which Docker 28.5 names it in its progress", () => {
  const platform = { os: "linux", architecture: "amd64" };
  const [op] = marshal(image({ reference: REFERENCE, platform, resolveMode: "local" })).def;
  // Read from `docker build --progress=rawjson`.
  expect(op && digestOf(op)).toBe("sha256:4018202d47b0678e962771e043cb82e0ce50408c49912ba439fd83eb6e83cebc");
});

test("nothing of an op is lost", () => {
  const op = {
    inputs: [{ digest: "sha256:00", index: 1 }],
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    file: { actions: [{ input: 0, secondaryInput: -1, output: 0, mkdir: { path: "/a", mode: 0o755, timestamp: -1 } }] },
  };
  expect(llb.Op.decode(encodeOp(op))).toEqual(llb.Op.decode(encode(llb.Op, op)));
});
