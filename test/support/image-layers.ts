import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { dockerEnv, type Engine } from "../engine/engines.ts";

/** What one layer says of one path, on one line: kind, mode, owner, time in seconds, link, attributes and content. */
export type LayerEntries = Readonly<Record<string, string>>;

/** The layers of an image from the lowest to the topmost, as `docker save` writes them, each with its entries by path. */
export async function imageLayers(engine: Engine, image: string): Promise<readonly LayerEntries[]> {
  const env = { ...process.env, ...dockerEnv(engine) };
  const child = spawn(engine.cli, ["save", image], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const files = new Map<string, Buffer>();
  for await (const { header, bytes } of filesOf(child.stdout)) {
    // The engines before 25 store an equal layer as a link to the other.
    files.set(header.name, header.linkname ? (files.get(join(header.name, header.linkname)) ?? bytes) : bytes);
  }
  if ((await ended) !== 0) throw new Error(`docker save of ${image} failed`);
  const [{ Layers }] = JSON.parse(String(files.get("manifest.json")));
  return Promise.all(
    (Layers as string[]).map((path) => {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Error(`docker save of ${image} has no ${path}`);
      return layerEntries(bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes) : bytes);
    }),
  );
}

function join(name: string, link: string): string {
  return new URL(link, `file:///${name}`).pathname.slice(1);
}

async function layerEntries(layer: Buffer): Promise<LayerEntries> {
  const entries: Record<string, string> = {};
  for await (const { header, bytes } of filesOf(Readable.from([layer]))) {
    const { name, type, mode = 0, uid, gid, mtime, linkname, pax } = header;
    const content = type === "file" ? createHash("sha256").update(bytes).digest("hex") : "";
    const attributes = Object.entries((pax ?? {}) as Record<string, string>).filter(([key]) =>
      key.startsWith("SCHILY.xattr."),
    );
    const seconds = Math.floor((mtime ?? new Date(0)).getTime() / 1000);
    entries[name.replace(/\/$/, "")] =
      `${type} ${(mode & 0o7777).toString(8)} ${uid}:${gid} ${seconds} ${linkname ?? ""} ${JSON.stringify(attributes)} ${content}`;
  }
  return entries;
}

type TarFile = Readonly<{
  header: Readonly<{
    name: string;
    type?: string | null;
    mode?: number;
    uid?: number;
    gid?: number;
    mtime?: Date;
    linkname?: string | null;
    pax?: unknown;
  }>;
  bytes: Buffer;
}>;

async function* filesOf(stream: NodeJS.ReadableStream): AsyncGenerator<TarFile> {
  const archive = extract();
  stream.pipe(archive);
  for await (const file of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of file) chunks.push(chunk as Buffer);
    yield { header: file.header, bytes: Buffer.concat(chunks) };
  }
}
