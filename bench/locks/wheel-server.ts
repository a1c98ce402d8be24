import { join } from "node:path";
import { PUBLIC_FILES } from "../../test/fixture/file-host.ts";
import { filesOfLock, startPublicFiles } from "../../test/fixture/public-files.ts";

/** A package index and file server of everything that some locks name. */
export type WheelServer = Readonly<{
  /** Where the index is. */
  index: string;
  /** What stands for the host of the files in the locks. */
  files: string;
  /** How many requests came since this was called last. */
  requests(): number;
  stop(): Promise<void>;
}>;

/** The host of the files in the locks. */
export const FILE_HOST: string = PUBLIC_FILES;

/** The index of the locks. */
export const LOCKED_INDEX = "https://pypi.org/simple";

/** Wheels are kept here from run to run. */
const CACHE = join(process.env["MICROB_BENCH_CACHE"] ?? "/var/cache/microb-bench", "wheels");

/** Serves the wheels of locks. One that is asked for first is fetched from where the lock says, and verified. */
export async function startWheelServer(locks: readonly string[]): Promise<WheelServer> {
  const { url, index, requests, stop } = await startPublicFiles(locks.flatMap(filesOfLock), CACHE);
  return { index: index.replace(/\/$/, ""), files: url, requests, stop };
}
