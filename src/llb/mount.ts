import type { Output } from "./vertex.ts";

/** Something that is mounted during a command besides its root filesystem; none of it ends up in the image. */
export type Mount = BindMount | CacheMount | TmpfsMount | SecretMount | SecretEnv | SshMount;

/** A part of another filesystem, or an empty one without `from`. Written data is dropped. */
export type BindMount = Readonly<{
  kind: "bind";
  dest: string;
  from?: Output;
  /** The path within `from`; the whole of it by default. */
  selector?: string;
  /** True unless said otherwise. */
  readonly?: boolean;
  /** How `from` was made decides whether the command has to run, not what is in it (`exec.mount.cache.content`). */
  isKeyedByVertex?: boolean;
}>;

/** A directory that outlives builds. Mounts of one `id` share it; it starts as a copy of `from` at `selector`. */
export type CacheMount = Readonly<{
  kind: "cache";
  dest: string;
  /** The form `<namespace>/<id>`, with the target path for the id, shares the cache with Dockerfiles. */
  id: string;
  sharing: CacheSharing;
  from?: Output;
  selector?: string;
}>;

/** `private` gives a concurrent user a copy of its own, `locked` makes it wait. */
export type CacheSharing = "shared" | "private" | "locked";

/** An empty directory in memory; `size` limits it in bytes where the daemon can. */
export type TmpfsMount = Readonly<{ kind: "tmpfs"; dest: string; size?: number }>;

/** A secret of the client as a file. Readable for its owner only by default; missing ones fail the build. */
export type SecretMount = Readonly<{ kind: "secret"; dest: string } & SecretOptions>;

/** Which secret or agent, and who may read it. `uid` and `gid` are 0 by default. */
export type SecretOptions = Readonly<{ id: string; uid?: number; gid?: number; mode?: number; optional?: boolean }>;

/** A secret of the client as an environment variable (needs a daemon with `exec.secretenv`). */
export type SecretEnv = Readonly<{ kind: "secret-env"; id: string; name: string; optional?: boolean }>;

/** The client's SSH agent as a socket, by default `/run/buildkit/ssh_agent.<n>`; `SSH_AUTH_SOCK` points to the first. */
export type SshMount = Readonly<{ kind: "ssh"; dest?: string } & SecretOptions>;
