import { llb } from "../pb/generated.js";
import { fromInt64 } from "../pb/int64.ts";
import { dumpFields, inputName } from "./dump-op.ts";

/** A command and its mounts, line by line. */
export function dumpExec(exec: llb.ExecOp.$Properties, inputs: readonly string[]): readonly string[] {
  const { meta = {}, mounts = [], network = 0, secretenv = [] } = exec;
  const { args = [], env = [], cwd = "", user, proxyEnv, extraHosts = [], hostname, validExitCodes = [] } = meta;
  const { ulimit = [], cgroupParent } = meta;
  return [
    ...args.map((arg, index) => `${index === 0 ? "run" : "   "} ${JSON.stringify(arg)}`),
    ...env.map((variable) => `env ${JSON.stringify(variable)}`),
    `cwd ${cwd}`,
    ...(user ? [`user ${user}`] : []),
    ...(hostname ? [`hostname ${hostname}`] : []),
    ...(network
      ? [`network ${(llb.NetMode[network] ?? network).toString().slice("NET_MODE_".length).toLowerCase()}`]
      : []),
    ...(proxyEnv ? [`proxy ${dumpFields(proxyEnv)}`] : []),
    ...extraHosts.map(({ host, ip }) => `host ${host} ${ip}`),
    ...ulimit.map(({ name, soft, hard }) => `ulimit ${name} ${fromInt64(soft ?? 0)}:${fromInt64(hard ?? 0)}`),
    ...(cgroupParent ? [`cgroup ${cgroupParent}`] : []),
    ...(validExitCodes.length > 0 ? [`exit codes ${validExitCodes.join(" ")}`] : []),
    ...mounts.map((mount) => dumpMount(mount, inputs)),
    ...secretenv.map(({ id, name, optional }) => `secret ${id} as $${name}${optional ? " optional" : ""}`),
  ];
}

function dumpMount(mount: llb.Mount.$Properties, inputs: readonly string[]): string {
  const { dest = "", selector, readonly, input = 0, output = 0, mountType = 0, contentCache = 0 } = mount;
  const options = mount.cacheOpt ?? mount.secretOpt ?? mount.sshOpt ?? mount.tmpfsOpt ?? {};
  const filesystem = mountType === llb.MountType.MOUNT_TYPE_BIND || mountType === llb.MountType.MOUNT_TYPE_CACHE;
  return [
    `mount ${dest}`,
    llb.MountType[mountType]?.slice("MOUNT_TYPE_".length).toLowerCase(),
    dumpOptions(options),
    ...(filesystem ? [`from ${inputName(input, inputs)}${selector ? ` ${selector}` : ""}`] : []),
    ...(readonly ? ["readonly"] : []),
    ...(contentCache === llb.MountContentCache.MOUNT_CONTENT_CACHE_OFF ? ["keyed by vertex"] : []),
    ...(filesystem && fromInt64(output) >= 0n ? [`-> output ${fromInt64(output)}`] : []),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function dumpOptions(options: object): string {
  const { mode, sharing } = options as { mode?: number; sharing?: llb.CacheSharing };
  return [
    dumpFields(options, ["mode", "sharing"]),
    ...(mode === undefined ? [] : [`mode=${mode.toString(8).padStart(4, "0")}`]),
    ...(sharing === undefined ? [] : [llb.CacheSharing[sharing]?.slice("CACHE_SHARING_".length).toLowerCase()]),
  ]
    .filter((part) => part !== "")
    .join(" ");
}
