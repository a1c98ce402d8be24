import type { TargetEnvironment } from "../lock/target-environment.ts";
import type { Platform } from "../oci/platform.ts";

/**
 * What the official image of this name is most likely like, where no registry can be asked: the first release of its
 * Python if the name has no more, and the C library of its distribution's current release.
 */
export function assumedEnvironment(base: string, platform: Platform): TargetEnvironment {
  const [, version = "3"] = /:(3(?:\.\d+){0,2})/.exec(base) ?? [];
  const [major, minor = "0", patch = "0"] = version.split(".");
  return {
    platform,
    pythonVersion: [major, minor, patch].join("."),
    libc: base.endsWith("-alpine") ? { kind: "musl", version: "1.2" } : { kind: "glibc", version: "2.41" },
  };
}
