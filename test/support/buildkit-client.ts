import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { codec, type Fields } from "./buildkit-messages.ts";
import { type LocalDirectories, SESSION_METHODS, serveSession } from "./buildkit-session.ts";

/** What is asked of BuildKit: the graph as bytes, the directories of the client, and the image to make. */
export type Request = Readonly<{ definition: Uint8Array; directories: LocalDirectories; image: string }>;

const CONTROL = "/moby.buildkit.v1.Control/";

/**
 * Solves a graph with the BuildKit of a Docker Engine through its API, as `buildctl build` does with its standard input:
 * the graph names directories of the client, and no session. Answers with the files that were sent.
 * @throws Error of the daemon
 */
export async function solve(host: string, { definition, directories, image }: Request): Promise<readonly string[]> {
  const scratch = mkdtempSync(join(tmpdir(), "microb-buildkit-"));
  const proxy = await serveUpgraded(host.replace(/^unix:\/\//, ""), join(scratch, "control"));
  const client = new Client(`unix:${join(scratch, "control")}`, credentials.createInsecure());
  const bytes = codec("BytesMessage");
  const id = randomUUID();
  const metadata = new Metadata();
  metadata.set("x-docker-expose-session-uuid", id);
  metadata.set("x-docker-expose-session-name", "test");
  for (const method of SESSION_METHODS) metadata.add("x-docker-expose-session-grpc-method", method);
  const stream = client.makeBidiStreamRequest<Fields, Fields>(
    `${CONTROL}Session`,
    bytes.encode,
    bytes.decode,
    metadata,
  );
  const session = await serveSession(stream, directories, join(scratch, "session"));
  try {
    await new Promise<Fields>((resolve, reject) => {
      const request = {
        ref: randomUUID(),
        definition,
        exporter: "moby",
        exporterAttrs: { name: image },
        session: id,
      };
      const { encode } = codec("SolveRequest");
      client.makeUnaryRequest<Fields, Fields>(
        `${CONTROL}Solve`,
        encode,
        codec("Empty").decode,
        request,
        (error, done) => (error ? reject(error) : resolve(done ?? {})),
      );
    });
    return session.sent;
  } finally {
    session.close();
    client.close();
    proxy.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A socket on which the engine's BuildKit answers, as it does after an upgrade of `POST /grpc`. */
async function serveUpgraded(engine: string, path: string): Promise<Server> {
  const server = createServer((socket) => {
    const upstream = connect(engine);
    upstream.write("POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    afterHead(upstream, () => socket.pipe(upstream).pipe(socket));
    for (const one of [socket, upstream]) one.on("error", () => {}).on("close", () => [socket, upstream].map(end));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** Waits for the end of the answer's head, which may come in parts. What follows stays in the socket. */
function afterHead(socket: Socket, then: () => void): void {
  let head = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    socket.pause().off("data", read);
    if (!head.toString("latin1").startsWith("HTTP/1.1 101")) socket.destroy(new Error(`no upgrade: ${head}`));
    else if (end + 4 < head.length) socket.unshift(head.subarray(end + 4));
    then();
  };
  socket.on("data", read);
}

function end(socket: Socket): void {
  socket.destroy();
}
