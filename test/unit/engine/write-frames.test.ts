import { Writable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { writeFrames } from "../../../src/engine/write-frames.ts";
import { memorySink } from "../../support/docker.ts";

/** A frame as the engine sends it. */
function frame(kind: number, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** Bytes cut at any places, as a network may cut them; empty pieces included. */
async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [index, start] of sorted.entries()) yield bytes.subarray(start, sorted[index + 1] ?? bytes.length);
}

async function demultiplexed(source: AsyncIterable<Uint8Array>): Promise<Readonly<Record<string, string>>> {
  const [stdout, stderr] = [memorySink(), memorySink()];
  await writeFrames(source, { stdout, stderr });
  return { stdout: stdout.text, stderr: stderr.text };
}

const frames = fc.array(fc.record({ kind: fc.constantFrom(1, 2), text: fc.string({ unit: "binary", maxLength: 40 }) }));

test("any frames cut at any places come out whole, each on its stream and in order", async () => {
  const property = fc.asyncProperty(frames, fc.array(fc.nat(), { maxLength: 60 }), async (list, places) => {
    const bytes = Buffer.concat(list.map(({ kind, text }) => frame(kind, Buffer.from(text))));
    const of = (kind: number) => list.filter((one) => one.kind === kind).map(({ text }) => Buffer.from(text));
    const expected = { stdout: Buffer.concat(of(1)).toString(), stderr: Buffer.concat(of(2)).toString() };
    expect(await demultiplexed(cut(bytes, places))).toEqual(expected);
  });
  await fc.assert(property);
});

test("what is cut off anywhere but between frames is an error", async () => {
  const whole = Buffer.concat([frame(1, Buffer.from("abc")), frame(2, Buffer.from("de"))]);
  for (let length = 0; length <= whole.length; length++) {
    const reading = demultiplexed(cut(whole.subarray(0, length), []));
    if ([0, 11, whole.length].includes(length)) await reading;
    else await expect(reading).rejects.toMatchObject({ name: "EngineError", code: "unreachable" });
  }
});

test("what is no such stream is an error", async () => {
  const reading = demultiplexed(cut(Buffer.from("plain text of a terminal"), []));
  await expect(reading).rejects.toMatchObject({ name: "EngineError", code: "failed" });
});

test("what the engine itself has to say is an error", async () => {
  const bytes = Buffer.concat([frame(1, Buffer.from("out")), frame(3, Buffer.from("disk full\n"))]);
  await expect(demultiplexed(cut(bytes, [14]))).rejects.toThrow("disk full");
});

test("nothing is read before what came earlier is written", async () => {
  const events: string[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    for (const text of ["a", "b"]) {
      events.push(`read ${text}`);
      yield frame(1, Buffer.from(text));
    }
  }
  const slow = new Writable({
    write(chunk, _encoding, done) {
      setTimeout(() => done(void events.push(`written ${chunk}`) as undefined), 5);
    },
  });
  await writeFrames(source(), { stdout: slow, stderr: slow });
  expect(events).toEqual(["read a", "written a", "read b", "written b"]);
  expect(slow.writableEnded).toBe(false);
  expect(slow.listenerCount("error")).toBe(0);
});

test.each([
  ["fails", new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) })],
  ["is closed", new Writable().destroy()],
])("a sink that %s is an error", async (_name, sink) => {
  const writing = writeFrames(cut(frame(1, Buffer.from("x")), []), { stdout: sink, stderr: memorySink() });
  await expect(writing).rejects.toMatchObject({
    name: "EngineError",
    message: expect.stringMatching(/^writing the container's output: /),
  });
});
