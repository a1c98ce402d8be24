import { UserError } from "../diagnostic/user-error.ts";
import { type DirEntry, type FileStat, readDirEntry, readFileStat } from "./file-stat.ts";
import { GatewayError } from "./gateway-error.ts";
import type { Rpc } from "./rpc.ts";

/**
 * A solved filesystem. Solving is lazy: the first read runs what leads to it. Paths are relative to its root, links
 * are followed within it. A file that is not there, or is a directory, is `undefined`, a directory that is not there is
 * empty; every other failure throws a GatewayError, and a file that is much too large a UserError.
 */
export interface Reference {
  /** Empty for a filesystem without anything in it. */
  readonly id: string;
  /** The content as UTF-8. */
  readText(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Uint8Array | undefined>;
  /** At most this many bytes from the beginning of a file. */
  readStart(path: string, length: number): Promise<Uint8Array | undefined>;
  list(directory: string): Promise<readonly DirEntry[]>;
  stat(path: string): Promise<FileStat | undefined>;
}

/** Small enough for one answer of any daemon, and large enough that most files need one only. */
const PAGE_BYTES = 2 << 20;

/** No file that a build is told by is larger: the largest are locks. */
const MAX_BYTES = 24 << 20;

/** A reference over calls. The same question is asked once: a solved filesystem does not change. */
export function createReference(id: string, rpc: Rpc): Reference {
  const answers = new Map<string, Promise<unknown>>();

  function once<T>(key: string, ask: () => Promise<T>, missing: T): Promise<T> {
    if (id === "") return Promise.resolve(missing);
    const known = answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const answer = ask().catch((error: unknown) => {
      if (isMissing(error)) return missing;
      throw error;
    });
    answers.set(key, answer);
    return answer;
  }

  const readBytes = (path: string) =>
    once<Uint8Array | undefined>(`read ${path}`, () => readPages(rpc, id, path), undefined);

  return {
    id,
    readBytes,
    async readText(path) {
      const bytes = await readBytes(path);
      return bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    },
    readStart: (path, length) =>
      once<Uint8Array | undefined>(
        `start ${length} ${path}`,
        async () => (await rpc("ReadFile", { ref: id, filePath: path, range: { offset: 0, length } })).data,
        undefined,
      ),
    list: (dirPath) =>
      once<readonly DirEntry[]>(
        `list ${dirPath}`,
        async () => (await rpc("ReadDir", { ref: id, dirPath })).entries.map(readDirEntry),
        [],
      ),
    stat: (path) =>
      once<FileStat | undefined>(
        `stat ${path}`,
        async () => readFileStat((await rpc("StatFile", { ref: id, path })).stat ?? {}),
        undefined,
      ),
  };
}

async function readPages(rpc: Rpc, ref: string, filePath: string): Promise<Uint8Array> {
  const pages: Uint8Array[] = [];
  for (let offset = 0; offset < MAX_BYTES; offset += PAGE_BYTES) {
    const { data } = await rpc("ReadFile", { ref, filePath, range: { offset, length: PAGE_BYTES } });
    pages.push(data);
    if (data.length < PAGE_BYTES) return pages.length === 1 ? data : Buffer.concat(pages);
  }
  throw new UserError({
    code: "context.file",
    message: `the file "${filePath}" is too large: microb reads at most ${MAX_BYTES} bytes`,
  });
}

/**
 * Neither a missing file nor a directory has a code of its own, only the text of the system error at the end of the
 * message (BuildKit `cache/util/fsutil.go`). The same text about a directory on the client's side is not meant.
 */
function isMissing(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  return (
    /: (no such file or directory|not a directory|is a directory)$/.test(error.message) &&
    !error.message.includes("from sender")
  );
}
