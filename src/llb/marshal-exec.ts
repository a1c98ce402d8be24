import { llb } from "../pb/generated.js";
import { toInt64 } from "../pb/int64.ts";
import { assertNever } from "../util/assert-never.ts";
import type { BindMount, CacheMount, Mount, SecretMount, SecretOptions, SshMount, TmpfsMount } from "./mount.ts";
import { NONE, type OpInputs } from "./op-inputs.ts";
import type { ExecVertex, Network, Output, ProxyEnv } from "./vertex.ts";

/** The root filesystem, seen as one of the mounts. */
type RootMount = Readonly<{ kind: "root"; dest: "/"; from: Output; readonly: boolean }>;
/** A directory that is the output instead of the root. */
type ResultMount = Readonly<{ kind: "result"; dest: string; from?: undefined }>;
type FilesystemMount = RootMount | ResultMount | BindMount | CacheMount | TmpfsMount;

/**
 * The mounts that hold filesystems, by target in byte order; secrets and sockets come after them in the op. The order
 * gives the inputs their numbers and is the same for every order in which the mounts were named
 * (BuildKit `client/llb/exec.go`).
 */
export function sortedMounts({ root, result, mounts }: ExecVertex): readonly FilesystemMount[] {
  const own: readonly FilesystemMount[] = mounts.filter((mount) => isFilesystem(mount));
  const all: readonly FilesystemMount[] = [
    { kind: "root", dest: "/", from: root, readonly: result !== undefined },
    ...(result === undefined ? [] : [{ kind: "result", dest: result } as const]),
    ...own,
  ];
  return [...all].sort((a, b) => Buffer.compare(Buffer.from(a.dest), Buffer.from(b.dest)));
}

/** The exec op; asks `inputs` for the index of each filesystem in the order of the mounts. */
export function marshalExec(vertex: ExecVertex, inputs: OpInputs): llb.ExecOp.$Properties {
  const { args, cwd, user = "", proxy, extraHosts, hostname = "", ulimits, cgroupParent = "", network } = vertex;
  const secrets = vertex.mounts.filter((mount) => mount.kind === "secret");
  const sockets = vertex.mounts.filter((mount) => mount.kind === "ssh").map(sshDestination);
  return {
    meta: {
      args: [...args],
      env: Object.entries(environment(vertex, sockets)).map(([name, value]) => `${name}=${value}`),
      cwd,
      user,
      ...(proxy && { proxyEnv: proxyMessage(proxy) }),
      extraHosts: extraHosts.map(({ host, ip }) => ({ host, ip })),
      hostname,
      ulimit: ulimits.map(({ name, soft, hard }) => ({ name, soft: toInt64(soft), hard: toInt64(hard) })),
      cgroupParent,
      // Mount points that were made for a mount go away again with all their parents.
      removeMountStubsRecursive: true,
    },
    mounts: [
      ...sortedMounts(vertex).map((mount) => filesystemMessage(mount, inputs.indexOf(sourceOf(mount)))),
      ...secrets.map(secretMessage),
      ...sockets.map(sshMessage),
    ],
    network: NETWORK[network],
    secretenv: vertex.mounts
      .filter((mount) => mount.kind === "secret-env")
      .map(({ id, name, optional = false }) => ({ id, name, optional })),
  };
}

const NETWORK: Readonly<Record<Network, llb.NetMode>> = {
  sandbox: llb.NetMode.NET_MODE_SANDBOX,
  host: llb.NetMode.NET_MODE_HOST,
  none: llb.NetMode.NET_MODE_NONE,
};

const SHARING: Readonly<Record<CacheMount["sharing"], llb.CacheSharing>> = {
  shared: llb.CacheSharing.CACHE_SHARING_SHARED,
  private: llb.CacheSharing.CACHE_SHARING_PRIVATE,
  locked: llb.CacheSharing.CACHE_SHARING_LOCKED,
};

function isFilesystem(mount: Mount): mount is BindMount | CacheMount | TmpfsMount {
  return mount.kind === "bind" || mount.kind === "cache" || mount.kind === "tmpfs";
}

function sourceOf(mount: FilesystemMount): Output | undefined {
  return mount.kind === "tmpfs" ? undefined : mount.from;
}

function filesystemMessage(mount: FilesystemMount, input: number): llb.Mount.$Properties {
  const { dest } = mount;
  switch (mount.kind) {
    case "root":
      return mount.readonly ? { input, dest, output: NONE, readonly: true } : { input, dest, output: 0 };
    case "result":
      return { input, dest, output: 0 };
    case "bind": {
      const { selector = "", readonly = true, isKeyedByVertex = false } = mount;
      const contentCache = isKeyedByVertex ? llb.MountContentCache.MOUNT_CONTENT_CACHE_OFF : 0;
      return { input, selector, dest, output: NONE, readonly, contentCache };
    }
    case "cache": {
      const { id, sharing, selector = "" } = mount;
      const cacheOpt = { id, sharing: SHARING[sharing] };
      return { input, selector, dest, output: NONE, mountType: llb.MountType.MOUNT_TYPE_CACHE, cacheOpt };
    }
    case "tmpfs": {
      const tmpfsOpt = { size: mount.size ?? 0 };
      return { input, dest, output: NONE, mountType: llb.MountType.MOUNT_TYPE_TMPFS, tmpfsOpt };
    }
    default:
      return assertNever(mount);
  }
}

// Upstream leaves the output of secrets and sockets at 0, although they have none, and we make the same bytes.
function secretMessage({ dest, ...secret }: SecretMount): llb.Mount.$Properties {
  const secretOpt = secretOptions(secret, 0o400);
  return { input: NONE, dest, mountType: llb.MountType.MOUNT_TYPE_SECRET, secretOpt };
}

function sshMessage({ dest, ...socket }: SshMount & { dest: string }): llb.Mount.$Properties {
  return { input: NONE, dest, mountType: llb.MountType.MOUNT_TYPE_SSH, sshOpt: secretOptions(socket, 0o600) };
}

function secretOptions(options: SecretOptions, defaultMode: number): llb.SecretOpt.$Properties {
  const { id, uid = 0, gid = 0, mode = defaultMode, optional = false } = options;
  return { id, uid, gid, mode, optional };
}

function sshDestination(mount: SshMount, index: number): SshMount & { dest: string } {
  return { ...mount, dest: mount.dest ?? `/run/buildkit/ssh_agent.${index}` };
}

function environment({ env }: ExecVertex, sockets: readonly { dest: string }[]): Readonly<Record<string, string>> {
  const [first] = sockets;
  return first === undefined || Object.hasOwn(env, "SSH_AUTH_SOCK") ? env : { ...env, SSH_AUTH_SOCK: first.dest };
}

function proxyMessage({ http = "", https = "", ftp = "", no = "", all = "" }: ProxyEnv): llb.ProxyEnv.$Properties {
  return { httpProxy: http, httpsProxy: https, ftpProxy: ftp, noProxy: no, allProxy: all };
}
