/** A package of a lock, for all platforms. */
export type LockEntry = Readonly<{
  /** Normalized (PEP 503). */
  name: string;
  version?: string;
  /** Its number among the packages of the file, from 0: where it stands. */
  position: number;
  source: EntrySource;
}>;

/** Where a package comes from. */
export type EntrySource =
  | Readonly<{ kind: "files"; wheels: readonly LockFile[]; sdist?: LockFile }>
  | Readonly<{ kind: "git"; url: string; commit: string; subdirectory?: string }>
  /** Relative to the lock; `sha256` for a file. */
  | Readonly<{ kind: "local"; path: string; sha256?: string }>
  /** A project that is no package: its dependencies count, it is not installed. */
  | Readonly<{ kind: "virtual" }>;

/** A file to download, or one of the build context. */
export type LockFile = Readonly<{
  filename: string;
  /** Where it is: a URL, or a path relative to the lock. */
  from: Readonly<{ url: string }> | Readonly<{ path: string }>;
  /** Downloads must have one; tools give none to files of directories. */
  sha256?: string;
  /** The other hashes that it has, by their names. */
  otherHashes: readonly string[];
  size?: number;
}>;
