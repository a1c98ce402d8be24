import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { Trace } from "./credential-traces.ts";

/** What was found, and how much was searched: a search of nothing proves nothing. */
export type Findings = Readonly<{ found: readonly string[]; bytes: number }>;

/** Searches a text or bytes. */
export function searchIn(data: string | Buffer, traces: readonly Trace[]): readonly string[] {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  return traces.filter((trace) => bytes.includes(trace.bytes)).map(({ form }) => form);
}

/** Searches what comes, wherever the pieces it comes in begin and end. */
export async function searchStream(stream: AsyncIterable<Buffer>, traces: readonly Trace[]): Promise<Findings> {
  const found = new Set<string>();
  const overlap = Math.max(...traces.map(({ bytes }) => bytes.length)) - 1;
  let [bytes, pending, kept]: [number, Buffer[], number] = [0, [], 0];
  const search = (): void => {
    const data = Buffer.concat(pending);
    for (const form of searchIn(data, traces)) found.add(form);
    const tail = data.subarray(Math.max(0, data.length - overlap));
    [pending, kept] = [[tail], tail.length];
  };
  for await (const chunk of stream) {
    pending.push(chunk);
    bytes += chunk.length;
    kept += chunk.length;
    if (kept >= PIECE) search();
  }
  search();
  return { found: [...found], bytes };
}

const PIECE = 8 << 20;

/**
 * Searches an archive of an image, as `docker save` writes it: every file of it, decompressed if it is compressed.
 * Layers are archives themselves; their files stand in them as they are. Small files are returned. A layer that is named by
 * a digest is searched once: `clean` gets the bytes of those in which nothing was found, and those in it are passed over.
 */
export async function searchArchive(
  archive: Readable,
  traces: readonly Trace[],
  clean: Map<string, number> = new Map(),
): Promise<Findings & Readonly<{ files: ReadonlyMap<string, string> }>> {
  const forms = new Set<string>();
  const files = new Map<string, string>();
  let bytes = 0;
  for await (const entry of archive.pipe(extract())) {
    const { name, size = 0 } = entry.header;
    const known = clean.get(name);
    if (known !== undefined) {
      bytes += known;
      entry.resume();
      continue;
    }
    const small: Buffer[] = [];
    const { found, bytes: length } = await searchStream(
      unpacked(entry as AsyncIterable<Buffer>, size < SMALL ? small : undefined),
      traces,
    );
    for (const form of found) forms.add(`${name}: ${form}`);
    bytes += length;
    if (found.length === 0 && size >= SMALL && DIGEST.test(name)) clean.set(name, length);
    if (size < SMALL) files.set(name, Buffer.concat(small).toString());
  }
  return { found: [...forms], bytes, files };
}

const DIGEST = /[0-9a-f]{64}/;

/** Manifests, configurations and attestations are smaller. */
const SMALL = 1 << 20;

/** What comes, decompressed if it is compressed; it is also written to `copy`. */
async function* unpacked(stream: AsyncIterable<Buffer>, copy: Buffer[] | undefined): AsyncIterable<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  async function* all(): AsyncIterable<Buffer> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const isPacked = first.value.subarray(0, 2).equals(GZIP);
  for await (const chunk of isPacked ? Readable.from(all()).pipe(createGunzip()) : all()) {
    copy?.push(chunk as Buffer);
    yield chunk as Buffer;
  }
}

const GZIP = Buffer.from([0x1f, 0x8b]);
