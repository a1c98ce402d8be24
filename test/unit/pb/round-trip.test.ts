import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "../../../src/pb/encode.ts";
import { llb } from "../../../src/pb/generated.js";
import { fromInt64, toInt64 } from "../../../src/pb/int64.ts";
import { sortedMapKeys } from "../../../src/pb/sorted-map-keys.ts";

const text = fc.string({ unit: "grapheme" });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const map = fc.dictionary(text, text);

const source = fc.record({ source: fc.record({ identifier: text, attrs: map }) });
const exec = fc.record({
  exec: fc.record({
    meta: fc.record({ args: fc.array(text), env: fc.array(text), cwd: text, validExitCodes: fc.array(fc.nat()) }),
    mounts: fc.array(fc.record({ input: fc.integer({ min: -1, max: 9 }), dest: text, readonly: fc.boolean() })),
    network: fc.nat(2),
  }),
});
const owner = fc.record({ user: fc.record({ byId: fc.nat() }) });
const file = fc.record({
  file: fc.record({
    actions: fc.array(
      fc.record({
        output: fc.integer({ min: -1, max: 1 }),
        mkfile: fc.record({ path: text, data: fc.uint8Array(), owner, timestamp: int64.map(toInt64) }),
      }),
    ),
  }),
});
const op = fc.oneof(source, exec, file);

test("decoding and encoding again gives the same bytes", () => {
  fc.assert(
    fc.property(op, (message) => {
      const bytes = encode(llb.Op, message);
      expect(Buffer.from(encode(llb.Op, llb.Op.decode(bytes)))).toEqual(Buffer.from(bytes));
    }),
  );
});

test("a field that we do not know gets lost, which is why ops of others are never encoded again", () => {
  const known = encode(llb.Input, { digest: "d" });
  const bytes = Buffer.concat([known, Buffer.from("7a0178", "hex")]);
  expect(Buffer.from(encode(llb.Input, llb.Input.decode(bytes)))).toEqual(Buffer.from(known));
});

test("the order in which map keys were set does not matter", () => {
  fc.assert(
    fc.property(map, fc.infiniteStream(fc.nat()), (attrs, ranks) => {
      const shuffled = Object.entries(attrs)
        .map((entry) => ({ entry, rank: ranks.next().value ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ entry }) => entry);
      const other = Object.fromEntries(shuffled);
      expect(Buffer.from(encode(llb.SourceOp, { attrs: other }))).toEqual(Buffer.from(encode(llb.SourceOp, { attrs })));
    }),
  );
});

test("map keys sort by their bytes, not by UTF-16 units or as numbers", () => {
  expect(sortedMapKeys({ "\u{1F600}": 1, "\uFFFD": 1, "10": 1, "9": 1 })).toEqual(["10", "9", "\uFFFD", "\u{1F600}"]);
  fc.assert(
    fc.property(map, (keys) => {
      const byBytes = Object.keys(keys).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(sortedMapKeys(keys)).toEqual(byBytes);
    }),
  );
});

test("64-bit numbers come back exactly", () => {
  fc.assert(
    fc.property(int64, (value) => {
      const { index } = llb.Input.decode(encode(llb.Input, { index: toInt64(value) }));
      expect(fromInt64(index)).toBe(value);
      expect(fromInt64(toInt64(value))).toBe(value);
    }),
  );
});
