import { assertNever } from "../util/assert-never.ts";
import type { EmbeddedVertex } from "./embed.ts";
import type { CopyAction } from "./file-action.ts";
import type { Mount } from "./mount.ts";
import type { ExecVertex, FileVertex, Vertex } from "./vertex.ts";

/**
 * The capabilities that an op needs, in no particular order. A daemon refuses a definition that asks for one that it
 * lacks, and silently ignores a field that it does not know: so everything that changes the outcome is declared.
 * Two that upstream names are never declared, because no daemon offers them (BuildKit `solver/pb/caps.go`):
 * `exec.meta.removemountstubs.recursive` and `file.copy.modestring`.
 */
export function requiredCaps(vertex: Exclude<Vertex, EmbeddedVertex>): readonly string[] {
  switch (vertex.kind) {
    case "source":
      return vertex.caps;
    case "exec":
      return execCaps(vertex);
    case "file":
      return fileCaps(vertex);
    case "merge":
      return ["mergeop"];
    default:
      return assertNever(vertex);
  }
}

function execCaps({ env, network, proxy, mounts, ulimits, cgroupParent, options }: ExecVertex): readonly string[] {
  return [
    "exec.meta.base",
    "exec.mount.bind",
    ...(Object.hasOwn(env, "PATH") ? [] : ["exec.meta.setsdefaultpath"]),
    ...(network === "sandbox" ? [] : ["exec.meta.network"]),
    ...(proxy ? ["exec.meta.proxyenv"] : []),
    ...(ulimits.length > 0 ? ["exec.meta.ulimit"] : []),
    ...(cgroupParent === undefined ? [] : ["exec.meta.cgroup.parent"]),
    ...(options.resources === undefined ? [] : ["exec.meta.linux.resources"]),
    ...mounts.flatMap(mountCaps),
  ];
}

function mountCaps(mount: Mount): readonly string[] {
  switch (mount.kind) {
    case "bind":
      return [
        "exec.mount.bind",
        ...selectorCaps(mount.selector),
        ...((mount.readonly ?? true) ? [] : ["exec.mount.bind.readwrite-nooutput"]),
        ...(mount.isKeyedByVertex ? ["exec.mount.cache.content"] : []),
      ];
    case "cache":
      return ["exec.mount.cache", "exec.mount.cache.sharing", ...selectorCaps(mount.selector)];
    case "tmpfs":
      return ["exec.mount.tmpfs", ...(mount.size ? ["exec.mount.tmpfs.size"] : [])];
    case "secret":
      return ["exec.mount.secret"];
    case "secret-env":
      return ["exec.mount.secret", "exec.secretenv"];
    case "ssh":
      return ["exec.mount.ssh"];
    default:
      return assertNever(mount);
  }
}

function selectorCaps(selector: string | undefined): readonly string[] {
  return selector === undefined ? [] : ["exec.mount.selector"];
}

function fileCaps({ actions }: FileVertex): readonly string[] {
  return ["file.base", ...actions.flatMap((action) => (action.kind === "copy" ? copyCaps(action) : []))];
}

function copyCaps({ include, exclude, required, flags }: CopyAction): readonly string[] {
  return [
    ...(include.length + exclude.length > 0 ? ["file.copy.includeexcludepatterns"] : []),
    ...(required.length > 0 ? ["file.copy.requiredpaths"] : []),
    ...(flags.alwaysReplaceExistingDestPaths ? ["file.copy.alwaysreplaceexistingdestpaths"] : []),
  ];
}
