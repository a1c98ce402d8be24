import { UserError } from "../diagnostic/user-error.ts";
import type { LockRequest } from "../lock/lock-request.ts";
import { selectPackages } from "../lock/select-packages.ts";
import type { Platform } from "../oci/platform.ts";
import { assumedEnvironment } from "./assumed-environment.ts";

/**
 * What a lock installs on some Python, over all platforms: how many packages, and how many are built from source. Those
 * of the build context do not count as built: they are on any Python.
 */
export type LockedAmount = Readonly<{ packages: number; builds: number }>;

/**
 * Counts what a lock installs on an image for some platforms; undefined if it cannot be installed there. The environment of
 * the image is assumed, not asked of a registry: the same input gives the same count.
 */
export function lockedAmount(
  lock: LockRequest,
  base: string,
  platforms: readonly Platform[],
): LockedAmount | undefined {
  try {
    const installed = platforms.flatMap((platform) => selectPackages(lock, assumedEnvironment(base, platform)));
    return {
      packages: new Set(installed.map(({ name }) => name)).size,
      builds: installed.filter(({ source }) => source.kind === "sdist" || source.kind === "git").length,
    };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
