import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { Metadata, Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { METHODS, type Method, type Request } from "../../src/gateway/rpc.ts";
import type { Status } from "../../src/gateway/status.ts";
import { encode } from "../../src/pb/encode.ts";
import { google } from "../../src/pb/generated.js";
import { answerer, type FakeBridgeContent } from "./fake-bridge-answers.ts";

/** How the daemon is to behave, besides what it has to offer. */
export type FakeBridgeOptions = FakeBridgeContent &
  Readonly<{
    /** Makes a call fail; runs before the call is answered, and may wait. */
    fail?: (method: Method, request: unknown) => Status | undefined | Promise<Status | undefined>;
    /** The largest request that it takes; 16 MiB by default, as daemons since 0.14. */
    maxRequestBytes?: number;
  }>;

/** A call as it came in. */
export type RecordedCall = { [M in Method]: Readonly<{ method: M; request: Request<M> }> }[Method];

/** A running fake. */
export type FakeBridge = Readonly<{
  calls: readonly RecordedCall[];
  /** The requests of one method, in order. */
  requests<M extends Method>(method: M): readonly Request<M>[];
  /** The most calls of one method that were being answered at the same time. */
  peak(method: Method): number;
  /** What the frontend returned. */
  returned: Promise<Request<"Return">>;
  close(): void;
}>;

/**
 * Plays the daemon for a frontend whose stdin and stdout are given: those of a child process, or two plain streams.
 * It serves real gRPC, runs nothing, and answers from tables.
 */
export async function serveFakeBridge(
  frontend: Readonly<{ stdin: Writable; stdout: Readable }>,
  options: FakeBridgeOptions = {},
): Promise<FakeBridge> {
  const calls: RecordedCall[] = [];
  const running = new Map<Method, number>();
  const peaks = new Map<Method, number>();
  let resolveReturned: (request: Request<"Return">) => void = () => {};
  const returned = new Promise<Request<"Return">>((resolve) => {
    resolveReturned = resolve;
  });
  const answer = answerer(options);

  async function handle(method: Method, bytes: Buffer): Promise<Buffer> {
    const { request: decoder, response: encoder } = METHODS[method];
    const request = decoder.decode(bytes);
    calls.push({ method, request } as RecordedCall);
    const parallel = (running.get(method) ?? 0) + 1;
    running.set(method, parallel);
    peaks.set(method, Math.max(parallel, peaks.get(method) ?? 0));
    try {
      const failure = (await options.fail?.(method, request)) ?? undefined;
      if (failure) throw toServerError(failure);
      const response = answer(method, request);
      if ("code" in response) throw toServerError(response);
      if (method === "Return") setImmediate(resolveReturned, request);
      return Buffer.from(encode(encoder as never, response.message));
    } finally {
      running.set(method, (running.get(method) ?? 1) - 1);
    }
  }

  const server = new Server({ "grpc.max_receive_message_length": options.maxRequestBytes ?? 16 << 20 });
  server.addService(serviceDefinition(), handlers(handle));
  const directory = mkdtempSync(join(tmpdir(), "fake-bridge-"));
  const path = join(directory, "s");
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const socket = connect(path);
  frontend.stdout.pipe(socket);
  socket.pipe(frontend.stdin);
  // A frontend that goes away is an end, not an error.
  for (const stream of [socket, frontend.stdin, frontend.stdout]) stream.on("error", () => {});

  return {
    calls,
    requests: <M extends Method>(method: M) =>
      calls.filter((call) => call.method === method).map((call) => call.request as Request<M>),
    peak: (method) => peaks.get(method) ?? 0,
    returned,
    close() {
      socket.destroy();
      frontend.stdin.end();
      server.forceShutdown();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function serviceDefinition(): ServiceDefinition {
  const raw = (bytes: Buffer) => bytes;
  const entries = Object.keys(METHODS).map((method) => [
    method,
    {
      path: `/moby.buildkit.v1.frontend.LLBBridge/${method}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  ]);
  return Object.fromEntries(entries);
}

type Callback = (error: object | null, response?: Buffer) => void;

function handlers(handle: (method: Method, bytes: Buffer) => Promise<Buffer>) {
  const entries = (Object.keys(METHODS) as Method[]).map((method) => [
    method,
    ({ request }: { request: Buffer }, done: Callback) => {
      handle(method, request).then(
        (response) => done(null, response),
        (error: object) => done(error),
      );
    },
  ]);
  return Object.fromEntries(entries);
}

function toServerError({ code, message, details }: Status): object {
  const metadata = new Metadata();
  const status = { code, message, details: details.map(({ typeUrl, value }) => ({ typeUrl, value })) };
  metadata.set("grpc-status-details-bin", Buffer.from(encode(google.rpc.Status, status)));
  return Object.assign(new Error(message), { code, details: message, metadata });
}
