import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLines } from "../../../src/engine/json-lines.ts";

async function* bytes(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test("lines cut at any byte come out whole, blank ones and the missing last end of line aside", async () => {
  const property = fc.asyncProperty(fc.array(fc.json()), fc.nat(), fc.boolean(), async (lines, at, ended) => {
    const whole = Buffer.from(`\n${lines.join("\r\n")}${ended ? "\r\n" : ""}`);
    const place = at % (whole.length + 1);
    const values = [];
    for await (const value of jsonLines(bytes(whole.subarray(0, place), whole.subarray(place)))) values.push(value);
    expect(values).toEqual(lines.map((line) => JSON.parse(line)));
  });
  await fc.assert(property);
});

test("what is not JSON is an error", async () => {
  const lines = jsonLines(bytes(Buffer.from("{}\nno\n")));
  expect((await lines.next()).value).toEqual({});
  await expect(lines.next()).rejects.toThrow(SyntaxError);
});
