import type { fsutil } from "../pb/generated.js";
import { fromInt64 } from "../pb/int64.ts";

/** What kind of file something is. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** An entry of a directory. */
export type DirEntry = Readonly<{ name: string; kind: FileKind }>;

/** What is known of a file without reading it. */
export type FileStat = Readonly<{
  kind: FileKind;
  /** Permission bits only. */
  mode: number;
  size: number;
  /** Nanoseconds since the epoch. */
  modTime: bigint;
  linkTarget?: string;
}>;

/** The bits of Go's `os.FileMode`, in which modes travel (fsutil `types/stat.proto`). */
const DIRECTORY = 2 ** 31;
const SYMLINK = 2 ** 27;
const IRREGULAR = 2 ** 26 + 2 ** 25 + 2 ** 24 + 2 ** 21 + 2 ** 19;

/** Reads an entry of a ReadDir answer. */
export function readDirEntry({ path = "", mode = 0 }: fsutil.types.Stat.$Properties): DirEntry {
  return { name: path.slice(path.lastIndexOf("/") + 1), kind: fileKind(mode) };
}

/** Reads a StatFile answer. */
export function readFileStat(stat: fsutil.types.Stat.$Properties): FileStat {
  const { mode = 0, size = 0, modTime = 0, linkname } = stat;
  return {
    kind: fileKind(mode),
    mode: mode & 0o777,
    size: Number(fromInt64(size)),
    modTime: fromInt64(modTime),
    ...(linkname && { linkTarget: linkname }),
  };
}

function fileKind(mode: number): FileKind {
  if (hasBit(mode, DIRECTORY)) return "directory";
  if (hasBit(mode, SYMLINK)) return "symlink";
  return (mode & IRREGULAR) === 0 ? "file" : "other";
}

function hasBit(mode: number, bit: number): boolean {
  return Math.floor(mode / bit) % 2 === 1;
}
