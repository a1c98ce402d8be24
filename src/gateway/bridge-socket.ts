import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A socket in the file system on which exactly one connection is awaited. */
export type BridgeSocket = Readonly<{ path: string; accepted: Promise<Socket> }>;

/**
 * Listens in a directory that only we can enter. The directory disappears as soon as somebody has connected.
 * An image may have no `/tmp`, but the container's own file system can be written to: hence several candidates.
 * @throws the last directory's error when none of them can be used.
 */
export async function listenOnce(parents: readonly string[] = [tmpdir(), "/run", "/"]): Promise<BridgeSocket> {
  const directory = makeDirectory(parents);
  const path = join(directory, "bridge.sock");
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  const accepted = new Promise<Socket>((resolve) => {
    server.once("connection", (socket) => {
      server.close();
      rmSync(directory, { recursive: true, force: true });
      resolve(socket);
    });
  });
  return { path, accepted };
}

function makeDirectory(parents: readonly string[]): string {
  let failure: unknown;
  for (const parent of parents) {
    try {
      return mkdtempSync(join(parent, "microb-"));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
