import { PassThrough } from "node:stream";
import { onTestFinished } from "vitest";
import { connectGateway } from "../../../src/gateway/connect-gateway.ts";
import type { GatewayClient } from "../../../src/gateway/gateway-client.ts";
import type { ImageLookupOptions } from "../../../src/gateway/image-lookup.ts";
import { connectStdio } from "../../../src/gateway/stdio-transport.ts";
import { type FakeBridge, type FakeBridgeOptions, serveFakeBridge } from "../../support/fake-bridge.ts";

/** A real client that talks to a fake daemon through two pipes; both are closed after the test. */
export async function connection(
  options: FakeBridgeOptions = {},
  lookup: ImageLookupOptions = {},
): Promise<{ client: GatewayClient; bridge: FakeBridge; stdin: PassThrough; stdout: PassThrough }> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const [bridge, transport] = await Promise.all([
    serveFakeBridge({ stdin, stdout }, options),
    connectStdio({ stdin, stdout }),
  ]);
  const client = connectGateway(transport, lookup);
  onTestFinished(() => {
    client.close();
    bridge.close();
  });
  return { client, bridge, stdin, stdout };
}
