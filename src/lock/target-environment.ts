import { formatPlatform, type Platform } from "../oci/platform.ts";

/** The environment that the packages of a lock run in. It decides markers and the tags of wheels. */
export type TargetEnvironment = Readonly<{
  platform: Platform;
  /** In full, as `PYTHON_VERSION` of the official images has it: `3.13.5`, `3.15.0rc1`. */
  pythonVersion: string;
  libc: Libc;
}>;

/** The C library and its version, as in 2.36. */
export type Libc = Readonly<{ kind: "glibc" | "musl"; version: string }>;

/** An environment for people: `linux/amd64, Python 3.13.5, glibc 2.41`. */
export function formatEnvironment({ platform, pythonVersion, libc }: TargetEnvironment): string {
  return `${formatPlatform(platform)}, Python ${pythonVersion}, ${libc.kind} ${libc.version}`;
}
