import type { Platform } from "../../src/oci/platform.ts";

const PLATFORMS: Readonly<Record<string, Platform>> = {
  x86_64: { os: "linux", architecture: "amd64" },
  aarch64: { os: "linux", architecture: "arm64" },
  armv7l: { os: "linux", architecture: "arm", variant: "v7" },
  i686: { os: "linux", architecture: "386" },
};

/** The platform of a machine, in the word of `uname -m`. */
export function platformOf(machine: string): Platform {
  return PLATFORMS[machine] ?? { os: "linux", architecture: machine };
}
