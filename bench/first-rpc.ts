import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { serveFakeBridge } from "../test/support/fake-bridge.ts";
import { medianTimes, type Repetition } from "./statistics.ts";

/** Median times in milliseconds: of Node.js doing nothing, and from the start of the frontend to its first call. */
export type StartTimes = Readonly<{ node: number; firstRpc: number }>;

/** Starts the bundle and `node -e 0` in turns, with the Node.js that runs this program. */
export function measureFirstRpc(main: string, repetition: Repetition): Promise<StartTimes> {
  return medianTimes({ node: nothing, firstRpc: () => firstRpc(main) }, repetition);
}

async function nothing(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ["-e", "0"], { env: {}, stdio: "ignore" });
  await once(child, "exit");
  return performance.now() - start;
}

/** The daemon is played by this process. It refuses whatever comes after the first call, and the frontend ends. */
async function firstRpc(main: string): Promise<number> {
  const env = { BUILDKIT_SESSION_ID: "bench", BUILDKIT_WORKERS: "[]" };
  let arrived: number | undefined;
  const start = performance.now();
  const child = spawn(process.execPath, [main], { env, stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit");
  const bridge = await serveFakeBridge(child, {
    fail() {
      arrived ??= performance.now();
      return undefined;
    },
  });
  await exit;
  bridge.close();
  if (arrived === undefined) throw new Error(`${main} ended without a call`);
  return arrived - start;
}
