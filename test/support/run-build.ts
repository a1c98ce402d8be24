import { PassThrough } from "node:stream";
import { runFrontend } from "../../src/frontend/run-frontend.ts";
import { connectStdio } from "../../src/gateway/stdio-transport.ts";
import { type FakeBridge, type FakeBridgeOptions, serveFakeBridge } from "./fake-bridge.ts";

const NEVER = new Promise<never>(() => {});

/** Runs one build against a fake daemon, to the end of both. */
export async function runBuild(
  bridgeOptions: FakeBridgeOptions,
  opts: Readonly<Record<string, string>> = {},
  interrupted: Promise<never> = NEVER,
): Promise<FakeBridge> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const bridge = await serveFakeBridge({ stdin, stdout }, bridgeOptions);
  const env = {
    BUILDKIT_SESSION_ID: "session",
    BUILDKIT_WORKERS: JSON.stringify([{ ID: "w", Platforms: [{ architecture: "amd64", os: "linux" }] }]),
    ...Object.fromEntries(
      Object.entries(opts).map(([key, value], i) => [`BUILDKIT_FRONTEND_OPT_${i}`, `${key}=${value}`]),
    ),
  };
  await runFrontend({ transport: await connectStdio({ stdin, stdout }), env, interrupted });
  bridge.close();
  return bridge;
}
