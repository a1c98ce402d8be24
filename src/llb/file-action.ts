import type { Output } from "./vertex.ts";

/** One change among those of a file vertex; it applies to what the one before it made. */
export type FileAction = CopyAction | MkdirAction | MkfileAction | RemoveAction;

/** Copies `source` of `from`, to or into `to`. */
export type CopyAction = Readonly<{
  kind: "copy";
  from?: Output;
  source: string;
  to: string;
  owner?: Owner;
  mode?: number;
  timestamp?: bigint;
  include: readonly string[];
  exclude: readonly string[];
  required: readonly string[];
  flags: CopyFlags;
}>;

/** How a copy treats links, directories, wildcards and archives (BuildKit `solver/pb/ops.proto`, `FileActionCopy`). */
export type CopyFlags = Readonly<{
  followSymlink: boolean;
  /** Copy what is in a directory, not the directory. */
  dirCopyContents: boolean;
  createDestPath: boolean;
  allowWildcard: boolean;
  /** A wildcard may match nothing. */
  allowEmptyWildcard: boolean;
  /** Unpack the source if it is a local archive. */
  attemptUnpack: boolean;
  /** A directory may be replaced by a file and the other way round (`file.copy.alwaysreplaceexistingdestpaths`). */
  alwaysReplaceExistingDestPaths: boolean;
}>;

/** Makes a directory; an existing one is left as it is if `makeParents`. */
export type MkdirAction = Readonly<{
  kind: "mkdir";
  path: string;
  mode: number;
  makeParents: boolean;
  owner?: Owner;
  timestamp?: bigint;
}>;

/** Writes a file. Its content is part of the definition, so it must be small. */
export type MkfileAction = Readonly<{
  kind: "mkfile";
  path: string;
  mode: number;
  data: Uint8Array;
  owner?: Owner;
  timestamp?: bigint;
}>;

/** Removes a file, if it is there. */
export type RemoveAction = Readonly<{ kind: "rm"; path: string }>;

/** Names are looked up in the base's `/etc/passwd` and `/etc/group`, numbers are taken as they are. */
export type Owner = Readonly<{ user: number | string; group?: number | string }>;
