import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { extract } from "tar-stream";
import type { TestEngine } from "./test-engine.ts";

/** What an image weighs, in bytes. */
export type ImageSize = Readonly<{
  /** All files. */
  unpacked: number;
  /** The layers, compressed with gzip. */
  compressed: number;
  /** The files by their paths without a leading slash. */
  files: ReadonlyMap<string, number>;
}>;

/** Weighs an image as `docker save` gives it, which is put into a directory. */
export async function measureImage({ docker }: TestEngine, image: string, directory: string): Promise<ImageSize> {
  const file = join(directory, "image.tar");
  await docker("save", "-o", file, image);
  const saved = await readTar(await readFile(file));
  const [manifest] = JSON.parse(`${saved.get("manifest.json")}`) as [{ Layers: readonly string[] }];
  const layers = manifest.Layers.map((path) => uncompressed(saved.get(path) ?? Buffer.alloc(0)));
  const contents = await Promise.all(layers.map(readTar));
  const files = new Map(contents.flatMap((content) => [...content].map(([path, bytes]) => [path, bytes.length])));
  return {
    unpacked: sum([...files.values()]),
    compressed: sum(layers.map((layer) => gzipSync(layer).length)),
    files,
  };
}

/** Stores keep layers compressed or not. */
function uncompressed(layer: Buffer): Buffer {
  return layer.readUInt16BE(0) === 0x1f8b ? gunzipSync(layer) : layer;
}

async function readTar(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = Readable.from([archive]).pipe(extract());
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === "file") files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
