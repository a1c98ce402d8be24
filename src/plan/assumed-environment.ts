import { newestRelease } from "../config/python-releases.ts";
import type { TargetEnvironment } from "../lock/target-environment.ts";
import type { Platform } from "../oci/platform.ts";

/**
 * The assumed environment of an official image, where no registry is asked: its Python is the newest release of the tag
 * that this microb knows, and its C library is the one of its distribution's current release.
 */
export function assumedEnvironment(base: string, platform: Platform): TargetEnvironment {
  const [, tag = "3"] = /:(3(?:\.\d+){0,2})/.exec(base) ?? [];
  return {
    platform,
    pythonVersion: newestRelease(tag),
    libc: base.endsWith("-alpine") ? { kind: "musl", version: "1.2" } : { kind: "glibc", version: "2.41" },
  };
}
