import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { type ChannelOptions, Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { listenOnce } from "./bridge-socket.ts";
import { FLOW_CONTROL_WINDOW, withoutFirstBytes } from "./first-bytes.ts";
import { createPendingCalls } from "./pending-calls.ts";
import { fromServiceError } from "./service-error.ts";
import { MAX_MESSAGE_BYTES, type Transport } from "./transport.ts";

/** The two halves of the connection: the process's own ones, unless a test brings others. */
export type StdioOptions = Readonly<{
  stdin?: Readable;
  stdout?: Writable;
  socketParents?: readonly string[];
  /** The program that started this one has written `FIRST_BYTES`. */
  isOpen?: boolean;
}>;

const SERVICE = "/moby.buildkit.v1.frontend.LLBBridge/";

/** How long an answer that is already in our own buffers may take after the daemon has hung up. */
const GRACE_MILLISECONDS = 250;

const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.default_authority": "localhost",
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW,
  // There is one connection and it cannot be made again: nothing may close it or retry on another.
  "grpc.client_idle_timeout_ms": 2 ** 31 - 1,
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
  "grpc.enable_channelz": 0,
};

/**
 * The daemon on the other end of stdin and stdout (BuildKit `frontend/gateway/gateway.go`, `newPipe`): it is the
 * server of HTTP/2 without TLS, and we are the client. grpc-js wants to dial something, so it dials a socket of this
 * process, which is piped to the two streams. Nothing else may be written to stdout from then on.
 */
export async function connectStdio(options: StdioOptions = {}): Promise<Transport> {
  const stdin = options.stdin ?? new Socket({ fd: 0, readable: true, writable: false });
  const stdout = options.stdout ?? new Socket({ fd: 1, readable: false, writable: true });
  const { path, accepted } = await listenOnce(options.socketParents);
  const client = new Client(`unix:${path}`, credentials.createInsecure(), CHANNEL_OPTIONS);
  const pending = createPendingCalls(GRACE_MILLISECONDS);
  const ended = () => pending.connectionEnded();
  client.getChannel().getConnectivityState(true);
  const socket = await accepted;
  stdin.on("error", ended).on("end", ended).on("close", ended).pipe(socket);
  socket.on("error", ended).on("close", ended);
  if (options.isOpen) socket.pipe(withoutFirstBytes().on("error", (error) => stdout.destroy(error))).pipe(stdout);
  else socket.pipe(stdout);
  stdout.on("error", ended).on("close", ended);

  return {
    unary: (method, request) => pending.track(() => call(client, method, request)),
    close() {
      ended();
      client.close();
      socket.destroy();
      stdin.destroy();
    },
  };
}

function call(client: Client, method: string, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, response?: Buffer) => {
      if (error) reject(fromServiceError(error));
      else resolve(response ?? Buffer.alloc(0));
    };
    client.makeUnaryRequest(`${SERVICE}${method}`, toBuffer, (bytes: Buffer) => bytes, request, done);
  });
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
