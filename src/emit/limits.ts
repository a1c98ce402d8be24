import type { ExecOptions } from "../llb/exec.ts";
import type { Mount } from "../llb/mount.ts";
import type { Resources, Ulimit } from "../llb/vertex.ts";

/** What the commands of a build may use, as far as it was said. */
export type Limits = Readonly<{
  /** The size of /dev/shm in bytes. */
  shmSize?: number;
  ulimits: readonly Ulimit[];
  cgroupParent?: string;
  resources?: Resources;
}>;

/** No limits but the daemon's own. */
export const NO_LIMITS: Limits = Object.freeze({ ulimits: [] });

/** The limits that a daemon knows of: others are left out without a word, as the Dockerfile frontend does. */
export function supportedLimits(
  { shmSize, ulimits, cgroupParent, resources }: Limits,
  has: (capability: string) => boolean,
): Limits {
  return {
    ...(shmSize !== undefined && has("exec.mount.tmpfs.size") && { shmSize }),
    ulimits: has("exec.meta.ulimit") ? ulimits : [],
    ...(cgroupParent !== undefined && has("exec.meta.cgroup.parent") && { cgroupParent }),
    ...(resources !== undefined && has("exec.meta.linux.resources") && { resources }),
  };
}

/** The limits as options of a command, and what is mounted for them. */
export function limitsOf({ shmSize, ulimits, cgroupParent, resources }: Limits): Readonly<{
  options: Pick<ExecOptions, "ulimits" | "cgroupParent" | "resources">;
  mounts: readonly Mount[];
}> {
  return {
    options: {
      ulimits,
      ...(cgroupParent !== undefined && { cgroupParent }),
      ...(resources !== undefined && { resources }),
    },
    mounts: shmSize === undefined ? [] : [{ kind: "tmpfs", dest: "/dev/shm", size: shmSize }],
  };
}
