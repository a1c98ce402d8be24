import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Credentials, HARD_PASSWORD, withCredentials } from "../../fixture/credentials.ts";
import { tar } from "../../fixture/tar.ts";
import { searchArchive, searchIn, searchStream } from "../../support/credential-search.ts";
import { tracesOf } from "../../support/credential-traces.ts";

const SECRET: Credentials = { user: "ann.miller@corp", password: HARD_PASSWORD };
const TRACES = tracesOf([SECRET]);
const { user, password } = SECRET;

/** Ways in which programs write credentials down. */
const PLANTED: Readonly<Record<string, string | Buffer>> = {
  "as it is": `password: ${password}`,
  "in Latin-1": Buffer.from(`x${password}`, "latin1"),
  "every byte encoded": withCredentials("http://host/", SECRET),
  "every byte encoded, lower": withCredentials("http://host/", SECRET).toLowerCase(),
  "as a component of a URL": encodeURIComponent(password),
  "as a component of a URL, lower": encodeURIComponent(password).replace(/%../g, (code) => code.toLowerCase()),
  "as a form's value": new URLSearchParams({ password }).toString(),
  "as a URL's user": encodeURIComponent(user),
  "encoded twice": [...Buffer.from(Buffer.from(password).toString("latin1"))].map((b) => `%${b.toString(16)}`).join(""),
  "in a header of basic authentication": `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  "in that header as Latin-1": `Basic ${Buffer.from(`${user}:${password}`, "latin1").toString("base64")}`,
  "the password alone in base64": Buffer.from(password).toString("base64"),
  "in base64 of a text, at 1": Buffer.from(`x${password}y`).toString("base64"),
  "in base64 of a text, at 2": Buffer.from(`xx${password}yy`).toString("base64"),
  "in base64url of a text": Buffer.from(`a ${password} b`).toString("base64url"),
  "in hexadecimal": Buffer.from(password).toString("hex"),
  "in JSON": JSON.stringify({ password }),
  "in JSON as Go writes it": JSON.stringify({ password }).replaceAll("&", "\\u0026"),
  "in JSON within base64": Buffer.from(`{"name":"${user}"}`).toString("base64"),
};

describe("credentials are found", () => {
  test.each(Object.entries(PLANTED))("%s", async (_, text) => {
    expect(searchIn(text, TRACES)).not.toEqual([]);
    const archive = tar({ "blobs/x": Buffer.from("nothing"), "layer.tar": Buffer.from(text) });
    expect((await searchArchive(Readable.from([archive]), TRACES)).found).not.toEqual([]);
    const layer = gzipSync(tar({ "etc/x": Buffer.from(text) }));
    const { found, files } = await searchArchive(Readable.from([tar({ "blobs/y": layer, a: "{}" })]), TRACES);
    expect(found).not.toEqual([]);
    expect(found.every((one) => one.startsWith("blobs/y: "))).toBe(true);
    expect(files.get("a")).toBe("{}");
  });

  test("in a layer that was not searched before; one that was clean is passed over, and counted", async () => {
    const [name, other] = [`blobs/sha256/${"a".repeat(64)}`, `blobs/sha256/${"b".repeat(64)}`];
    const clean = new Map<string, number>();
    const layer = Buffer.alloc(2 << 20, "x");
    const search = (files: Parameters<typeof tar>[0]) => searchArchive(Readable.from([tar(files)]), TRACES, clean);
    expect(await search({ [name]: layer })).toMatchObject({ found: [], bytes: layer.length });
    const dirty = Buffer.concat([layer, Buffer.from(Object.values(PLANTED)[0] ?? "")]);
    const again = await search({ [name]: layer, [other]: dirty });
    expect(again.bytes).toBe(layer.length + dirty.length);
    expect(again.found.length).toBeGreaterThan(0);
    expect([...clean]).toEqual([[name, layer.length]]);
  });

  test("at every alignment and across pieces", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 9 }), async (before, size) => {
        const text = Buffer.from(`${"-".repeat(before)}${password}---`).toString("base64");
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          Buffer.from(text.slice(at * size, (at + 1) * size)),
        );
        const { found, bytes } = await searchStream(Readable.from(pieces), TRACES);
        expect(found).not.toEqual([]);
        expect(bytes).toBe(text.length);
      }),
    );
  });
});

test("nothing is found where nothing is", async () => {
  const text = "ann.miller corp p@ss:w/or YW5uLm1pbGxlcg== %70%40%73 username_secret".repeat(50);
  expect(searchIn(text, TRACES)).toEqual([]);
  expect(await searchStream(Readable.from([Buffer.from(text)]), TRACES)).toEqual({ found: [], bytes: text.length });
});

test("what would be found by chance cannot be searched for", () => {
  expect(() => tracesOf([{ user: "bob", password }])).toThrow("too short");
});
