/** A package of a lock as it is installed for one platform. */
export type LockedPackage = Readonly<{
  /** Normalized (PEP 503). */
  name: string;
  /** Absent for a package whose version only its own build tells. */
  version?: string;
  source: LockedSource;
}>;

/** Where a package comes from. URLs hold no credentials. */
export type LockedSource =
  /** A wheel behind a URL. `sha256` in hexadecimal, `size` in bytes if the lock tells. */
  | Readonly<{ kind: "wheel"; url: string; filename: string; sha256: string; size?: number }>
  /** An archive of the source, which is built first. */
  | Readonly<{ kind: "sdist"; url: string; filename: string; sha256: string }>
  /** A commit of a repository; `url` as git takes it. */
  | Readonly<{ kind: "git"; url: string; commit: string; subdirectory?: string }>
  /** A directory, an archive or a wheel of the build context; `sha256` if the lock has one of the file. */
  | Readonly<{ kind: "local"; path: string; sha256?: string }>;
