import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A layer or configuration in a registry. */
export type Blob = Readonly<{ digest: string; size: number }>;

/** An image as it was pushed. */
export type PushedImage = Readonly<{ config: Blob; layers: readonly Blob[] }>;

/** A registry that images are pushed to and never pulled from: it keeps names and sizes, no bytes. */
export type PushSink = Readonly<{
  /** Host and port on the loopback interface, which engines take without TLS. */
  host: string;
  /** How many bytes of blobs were uploaded since this was called last. */
  uploaded(): number;
  /** The image of a repository and tag, which must have been pushed for one platform. */
  image(repository: string, tag: string): PushedImage;
  /** Makes it a registry that nothing was pushed to. */
  forget(): void;
  stop(): Promise<void>;
}>;

/** Starts a registry (OCI distribution specification: the part for pushing). */
export async function startPushSink(): Promise<PushSink> {
  const blobs = new Map<string, number>();
  const manifests = new Map<string, Readonly<{ type: string; bytes: Buffer; digest: string }>>();
  const sizes = new Map<string, number>();
  let uploaded = 0;
  let uploads = 0;

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
    const [, repository = "", kind, name = ""] =
      /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(pathname) ?? [];
    const reply = (status: number, headers: Readonly<Record<string, string | number>> = {}, body?: Buffer) =>
      response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
    if (kind === "blobs/uploads") {
      const id = name === "" ? `${uploads++}` : name;
      const size = (sizes.get(id) ?? 0) + (await drain(request));
      sizes.set(id, size);
      const location = `/v2/${repository}/blobs/uploads/${id}`;
      const digest = searchParams.get("digest");
      if (request.method !== "PUT" || digest === null)
        return reply(202, { location, range: `0-${Math.max(0, size - 1)}` });
      sizes.delete(id);
      blobs.set(digest, size);
      uploaded += size;
      return reply(201, { location: `/v2/${repository}/blobs/${digest}`, "docker-content-digest": digest });
    }
    if (kind === "blobs") {
      const size = blobs.get(name);
      if (size === undefined || request.method !== "HEAD") return reply(404);
      return reply(200, { "content-length": size, "docker-content-digest": name });
    }
    if (kind === "manifests" && request.method === "PUT") {
      const bytes = await read(request);
      const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      const manifest = { type: request.headers["content-type"] ?? "", bytes, digest };
      for (const key of [name, digest]) manifests.set(`${repository}@${key}`, manifest);
      return reply(201, { "docker-content-digest": digest });
    }
    if (kind === "manifests") {
      const manifest = manifests.get(`${repository}@${name}`);
      if (manifest === undefined) return reply(404);
      const { type, bytes, digest } = manifest;
      const headers = { "content-type": type, "content-length": bytes.length, "docker-content-digest": digest };
      return reply(200, headers, bytes);
    }
    return reply(pathname === "/v2/" ? 200 : 404);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploaded() {
      const count = uploaded;
      uploaded = 0;
      return count;
    },
    image(repository, tag) {
      type Index = PushedImage &
        Readonly<{ manifests?: readonly Readonly<{ digest: string; platform?: { os: string } }>[] }>;
      const parse = (key: string) => JSON.parse(`${manifests.get(`${repository}@${key}`)?.bytes}`) as Index;
      const top = parse(tag);
      // An attestation has the platform unknown.
      const platform = top.manifests?.find((one) => one.platform?.os !== "unknown");
      return platform === undefined ? top : parse(platform.digest);
    },
    forget() {
      for (const known of [blobs, manifests]) known.clear();
      uploaded = 0;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function drain(request: IncomingMessage): Promise<number> {
  let size = 0;
  for await (const chunk of request) size += (chunk as Buffer).length;
  return size;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
