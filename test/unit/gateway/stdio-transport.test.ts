import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { FIRST_BYTES, withoutFirstBytes } from "../../../src/gateway/first-bytes.ts";
import { GatewayError } from "../../../src/gateway/gateway-error.ts";
import { connectStdio } from "../../../src/gateway/stdio-transport.ts";
import { local } from "../../../src/llb/local.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { serveFakeBridge } from "../../support/fake-bridge.ts";
import { connection } from "./connection.ts";

const definition = marshal(local({ local: "context", sessionId: "s" }));
const never = () => new Promise<undefined>(() => {});

test("calls that wait fail soon when the daemon goes away, and later ones at once", async () => {
  const { client, bridge, stdin } = await connection({ fail: (method) => (method === "Solve" ? never() : undefined) });
  await client.caps;
  const waiting = Promise.allSettled([client.solve({ definition }), client.solve({ definition })]);
  while (bridge.requests("Solve").length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  stdin.end();
  for (const outcome of await waiting) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { name: "GatewayError", code: 14 } });
  }
  await expect(client.inputs().then(() => client.solve({ definition }))).rejects.toBeInstanceOf(GatewayError);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("a connection that ends before the first answer says why that may be", async () => {
  const { client, stdin } = await connection({ fail: never });
  setTimeout(() => stdin.end(), 50);
  await expect(client.inputs()).rejects.toMatchObject({
    code: 14,
    message: "the daemon closed the connection before the frontend was ready: the machine is overloaded",
  });
});

test.each([false, true])("the first bytes are sent once, by us or by who started us (%s)", async (isOpen) => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  if (isOpen) stdout.write(FIRST_BYTES);
  // The fake daemon refuses a connection that begins otherwise, and one that begins twice.
  const [bridge, transport] = await Promise.all([
    serveFakeBridge({ stdin, stdout }),
    connectStdio({ stdin, stdout, isOpen }),
  ]);
  await transport.unary("Ping", new Uint8Array());
  transport.close();
  bridge.close();
});

test("they are what grpc-js begins with", async () => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const transport = await connectStdio({ stdin, stdout });
  const sent = await new Promise<Buffer>((resolve) => stdout.once("data", resolve));
  expect(sent).toEqual(FIRST_BYTES);
  transport.close();
});

test("a client that begins otherwise than was sent for it loses the connection, and the reason is told", async () => {
  const stream = withoutFirstBytes();
  const failed = new Promise((resolve) => stream.on("error", resolve));
  stream.write(FIRST_BYTES.subarray(0, 30));
  stream.write("something else");
  expect(await failed).toMatchObject({
    message: "the HTTP/2 client does not begin with the bytes that were sent for it",
  });
});

test("calls that wait fail when the connection is closed from our side", async () => {
  const { client } = await connection({ fail: (method) => (method === "Solve" ? never() : undefined) });
  await client.caps;
  const waiting = client.solve({ definition });
  client.close();
  await expect(waiting).rejects.toMatchObject({ name: "GatewayError" });
});

test("an error whose details Node cannot take ends the connection, but leaves nobody waiting", async () => {
  const details = [{ typeUrl: "large", value: new Uint8Array(200_000).fill(65) }];
  const { client } = await connection({
    fail: (method) => (method === "Solve" ? { code: 2, message: "large", details } : undefined),
  });
  const start = performance.now();
  await expect(client.solve({ definition })).rejects.toBeInstanceOf(GatewayError);
  expect(performance.now() - start).toBeLessThan(1000);
});

test("an answer of more than 4 MiB is taken", async () => {
  const big = "x".repeat(6 << 20);
  const { client } = await connection({ locals: { context: { big } } });
  expect(await (await client.solve({ definition })).readText("big")).toHaveLength(big.length);
});

test("the socket leaves nothing behind, and the next directory is tried when one is missing", async () => {
  const parent = mkdtempSync(join(tmpdir(), "transport-"));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const usable = join(parent, "usable");
  mkdirSync(usable);
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const bridge = await serveFakeBridge({ stdin, stdout });
  const transport = await connectStdio({ stdin, stdout, socketParents: [join(parent, "missing"), usable] });
  await transport.unary("Ping", new Uint8Array());
  expect(readdirSync(usable)).toEqual([]);
  transport.close();
  bridge.close();
});

test("a process is served over its own stdin and stdout, and ends when the daemon does", {
  timeout: 20_000,
}, async () => {
  const script = fileURLToPath(new URL("../../support/tiny-frontend.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "inherit"] });
  const bridge = await serveFakeBridge(child, { locals: { context: { "pyproject.toml": "[project]\n" } } });
  const { result } = await bridge.returned;
  expect(Buffer.from(result?.metadata?.["text"] ?? []).toString()).toBe("[project]\n");
  expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
  bridge.close();
});
