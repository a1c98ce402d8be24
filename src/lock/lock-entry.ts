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
  | Readonly<{ kind: "local"; path: string }>
  /** A project that is no package: its dependencies count, it is not installed. */
  | Readonly<{ kind: "virtual" }>;

/** A file to download. */
export type LockFile = Readonly<{ url: string; filename: string; sha256: string; size?: number }>;
