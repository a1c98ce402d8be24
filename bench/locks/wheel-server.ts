import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, mkdir, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { listen } from "../../test/fixture/listen.ts";
import { type LockedWheel, lockedWheels } from "./lock-text.ts";

/** A package index and file server of everything that some locks name. */
export type WheelServer = Readonly<{
  /** Where the index is. */
  index: string;
  /** What stands for `https://files.pythonhosted.org/`. */
  files: string;
  /** How many requests came since this was called last. */
  requests(): number;
  stop(): Promise<void>;
}>;

/** The host of the files in the locks. */
export const FILE_HOST = "https://files.pythonhosted.org/";

/** The index of the locks. */
export const LOCKED_INDEX = "https://pypi.org/simple";

/** Wheels are kept here from run to run. */
const CACHE = process.env["MICROB_BENCH_CACHE"] ?? "/var/cache/microb-bench";

/** Serves the wheels of locks. One that is asked for first is fetched from where the lock says, and verified. */
export async function startWheelServer(locks: readonly string[]): Promise<WheelServer> {
  const wheels = new Map<string, LockedWheel>();
  for (const wheel of locks.flatMap(lockedWheels)) wheels.set(wheel.url.slice(FILE_HOST.length), wheel);
  const fetching = new Map<string, Promise<string>>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests++;
    try {
      const path = decodeURIComponent(new URL(request.url ?? "/", "http://index").pathname);
      const project = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
      const wheel = wheels.get(path.replace(/^\/files\//, ""));
      if (project !== undefined) {
        response.setHeader("content-type", "text/html");
        response.end(page([...wheels.values()].filter((one) => one.project === project)));
      } else if (wheel !== undefined) {
        const file = fetching.get(wheel.url) ?? cached(wheel);
        fetching.set(wheel.url, file);
        await pipeline(createReadStream(await file), response);
      } else {
        response.writeHead(404).end();
      }
    } catch (error) {
      response.destroy(error as Error);
    }
  });
  const { host, stop } = await listen(server);
  return {
    index: `http://${host}/simple`,
    files: `http://${host}/files/`,
    requests() {
      const count = requests;
      requests = 0;
      return count;
    },
    stop,
  };
}

/** The simple repository API in HTML (PEP 503). */
function page(wheels: readonly LockedWheel[]): string {
  const links = wheels.map(({ url, sha256 }) => {
    const path = url.slice(FILE_HOST.length);
    return `<a href="/files/${path}#sha256=${sha256}">${path.split("/").at(-1)}</a>\n`;
  });
  return `<!DOCTYPE html><html><body>\n${links.join("")}</body></html>\n`;
}

async function cached({ url, sha256 }: LockedWheel): Promise<string> {
  const file = join(CACHE, "wheels", sha256);
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    return file;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new Error(`${url} has another hash`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
  return file;
}
