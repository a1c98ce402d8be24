import type { Platform } from "../oci/platform.ts";
import type { EmbeddedVertex } from "./embed.ts";
import type { FileAction } from "./file-action.ts";
import type { Mount } from "./mount.ts";
import type { Origin } from "./origin.ts";

/** A filesystem that a vertex makes: what the next vertex builds on. No output at all stands for an empty filesystem. */
export type Output = Readonly<{ vertex: Vertex; index: number }>;

/** A node of the build graph. Vertices are plain frozen data; `marshal` turns them into ops. */
export type Vertex = SourceVertex | ExecVertex | FileVertex | MergeVertex | EmbeddedVertex;

/** What can be said about any vertex without changing what it does. */
export type VertexOptions = Readonly<{
  /** What the progress display says instead of a name derived from the op. */
  name?: string;
  /** Run even if a cached outcome exists; for an exec this empties its cache mounts too. */
  ignoreCache?: boolean;
  /** The lines of the build file that a failure of this vertex is to be shown with. */
  origin?: readonly Origin[];
  /** Vertices of one group share a line of progress, which stays hidden until one that is not weak has started. */
  progressGroup?: Readonly<{ id: string; name: string; weak?: boolean }>;
  /** For commands only (`exec.meta.linux.resources`). */
  resources?: Resources;
}>;

/** A filesystem from outside of the graph. `caps` are the capabilities that its attributes ask for. */
export type SourceVertex = Readonly<{
  kind: "source";
  identifier: string;
  attrs: Readonly<Record<string, string>>;
  platform?: Platform;
  /** The bytes of the op are to be those of BuildKit's own client, which adds an empty message. */
  isLikeUpstream?: boolean;
  caps: readonly string[];
  options: VertexOptions;
}>;

/** A process over a root filesystem and mounts. */
export type ExecVertex = Readonly<{
  kind: "exec";
  root: Output;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  user?: string;
  result?: string;
  mounts: readonly Mount[];
  network: Network;
  extraHosts: readonly ExtraHost[];
  proxy?: ProxyEnv;
  hostname?: string;
  ulimits: readonly Ulimit[];
  cgroupParent?: string;
  platform: Platform;
  options: VertexOptions;
}>;

/** A limit of a process (`setrlimit`), by its name without `RLIMIT_`, in lower case; -1 is none. */
export type Ulimit = Readonly<{ name: string; soft: bigint; hard: bigint }>;

/** Limits of a command's control group. They are not part of the cache key. */
export type Resources = Readonly<{
  /** Bytes. */
  memory?: number;
  /** Bytes of memory and swap; -1 is no limit. */
  memorySwap?: number;
  cpuShares?: number;
  /** Microseconds. */
  cpuPeriod?: number;
  cpuQuota?: number;
  /** Lists such as `0-2,7`. */
  cpusetCpus?: string;
  cpusetMems?: string;
}>;

/** `sandbox` is the daemon's default network; `host` needs an entitlement; `none` leaves loopback only. */
export type Network = "sandbox" | "host" | "none";

/** An entry of `/etc/hosts` during the command. The address is not part of the cache key. */
export type ExtraHost = Readonly<{ host: string; ip: string }>;

/** Proxies for the command. They are not part of the cache key and stay out of the image. */
export type ProxyEnv = Readonly<{ http?: string; https?: string; ftp?: string; no?: string; all?: string }>;

/** File changes over a base, in order. */
export type FileVertex = Readonly<{
  kind: "file";
  base?: Output;
  actions: readonly FileAction[];
  options: VertexOptions;
}>;

/** Filesystems over one another; the later win. */
export type MergeVertex = Readonly<{ kind: "merge"; inputs: readonly Output[]; options: VertexOptions }>;

/** Freezes a vertex and names one of its outputs. */
export function outputOf(vertex: Vertex, index = 0): Output {
  return Object.freeze({ vertex: Object.freeze(vertex), index });
}
