import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { Mount } from "./mount.ts";
import {
  type ExtraHost,
  type Network,
  type Output,
  outputOf,
  type ProxyEnv,
  type Ulimit,
  type VertexOptions,
} from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** A command. `env` is all of its environment; without a `PATH` the daemon sets its default one. */
export type ExecOptions = VertexOptions &
  Readonly<{
    root: Output;
    args: readonly string[];
    env: Readonly<Record<string, string>>;
    cwd: string;
    user?: string;
    /** The directory that the output is, instead of the root: it starts empty, and the root is read-only. */
    result?: string;
    mounts?: readonly Mount[];
    network?: Network;
    extraHosts?: readonly ExtraHost[];
    proxy?: ProxyEnv;
    hostname?: string;
    ulimits?: readonly Ulimit[];
    cgroupParent?: string;
    platform: Platform;
  }>;

/**
 * The root filesystem after a command has changed it, or the one directory that it was to fill.
 * @throws RangeError when there is nothing to run, or no directory to run it in: BuildKit would refuse the op later on.
 */
export function exec({ root, args, env, cwd, platform, ...options }: ExecOptions): Output {
  const {
    user,
    result,
    mounts = [],
    network = "sandbox",
    extraHosts = [],
    proxy,
    hostname,
    ulimits = [],
    cgroupParent,
  } = options;
  if (args.length === 0) throw new RangeError("a command needs at least one argument");
  if (!cwd.startsWith("/")) throw new RangeError(`a command needs an absolute working directory, not "${cwd}"`);
  return outputOf({
    kind: "exec",
    root,
    args,
    env,
    cwd,
    ...(user !== undefined && { user }),
    ...(result !== undefined && { result }),
    mounts,
    network,
    extraHosts,
    ...(proxy !== undefined && { proxy }),
    ...(hostname !== undefined && { hostname }),
    ulimits,
    ...(cgroupParent !== undefined && { cgroupParent }),
    platform: normalizePlatform(platform),
    options: vertexOptions(options),
  });
}
