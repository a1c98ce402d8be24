import { isIP } from "node:net";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ResolveMode } from "../llb/image.ts";
import type { ExtraHost, Network, ProxyEnv } from "../llb/vertex.ts";
import { type Platform, parsePlatform } from "../oci/platform.ts";
import { parseCsv } from "./csv.ts";

/** What the caller of the build asks for. */
export type BuildOpts = Readonly<{
  /** The path of the build file. */
  filename: string;
  target: string;
  platform: Platform;
  /** Arguments that values may use: all but those that BuildKit itself reads. */
  buildArgs: ReadonlyMap<string, string>;
  labels: ReadonlyMap<string, string>;
  namedContexts: ReadonlyMap<string, string>;
  proxy?: ProxyEnv;
  network: Network;
  extraHosts: readonly ExtraHost[];
  /** The name of the machine that steps see. */
  hostname?: string;
  /** Put before the names of cache mounts, so that users of one daemon can keep theirs apart. */
  cacheNamespace: string;
  resolveMode: ResolveMode;
  /** `all`, or the names of targets and stages. */
  noCache: "all" | ReadonlySet<string>;
  cacheImports: readonly CacheImport[];
}>;

/** A cache of other builds that may answer for steps of this one. */
export type CacheImport = Readonly<{ type: string; attrs: Readonly<Record<string, string>> }>;

/** The build file's name by convention. */
export const DEFAULT_FILENAME = "pyproject.toml";

const BUILD_ARG = "build-arg:";
const LABEL = "label:";
const NAMED_CONTEXT = "context:";
const PROXY_ARGS: ReadonlyMap<string, keyof ProxyEnv> = new Map([
  ["http_proxy", "http"],
  ["https_proxy", "https"],
  ["ftp_proxy", "ftp"],
  ["no_proxy", "no"],
  ["all_proxy", "all"],
]);

/**
 * Reads the options of a build (BuildKit `frontend/dockerui/config.go` and `attr.go`). Options that are not known are
 * ignored: newer clients may send more.
 * @throws UserError that names every option with a value that is not valid.
 */
export function readBuildOpts(opts: ReadonlyMap<string, string>, defaultPlatform: Platform): BuildOpts {
  const problems: Diagnostic[] = [];
  const read = <T>(key: string, fallback: T, parse: (value: string) => T): T => {
    const value = opts.get(key);
    // Docker 20.10 sends some options with an empty value when they are not given.
    if (value === undefined || value === "") return fallback;
    try {
      return parse(value);
    } catch (error) {
      problems.push({ code: "option.invalid", message: `option ${key}: ${(error as Error).message}` });
      return fallback;
    }
  };
  const args = withPrefix(opts, BUILD_ARG);
  const { buildArgs, proxy } = splitArgs(args);
  const hostname = args.get("BUILDKIT_SANDBOX_HOSTNAME") || opts.get("hostname") || undefined;
  const result: BuildOpts = {
    filename: read("filename", DEFAULT_FILENAME, readFilename),
    target: opts.get("target") || [...args].find(([name]) => name.toLowerCase() === "microb_target")?.[1] || "",
    platform: read("platform", defaultPlatform, readPlatform),
    buildArgs,
    labels: withPrefix(opts, LABEL),
    namedContexts: withPrefix(opts, NAMED_CONTEXT),
    ...(Object.keys(proxy).length > 0 && { proxy }),
    network: read("force-network-mode", "sandbox", oneOf<Network>("none", "host", "sandbox")),
    extraHosts: read("add-hosts", [], readHosts),
    ...(hostname !== undefined && { hostname }),
    cacheNamespace: args.get("BUILDKIT_CACHE_MOUNT_NS") ?? "",
    resolveMode: read("image-resolve-mode", "default", oneOf<ResolveMode>("default", "pull", "local")),
    noCache: opts.has("no-cache") ? readNoCache(opts.get("no-cache") ?? "") : new Set(),
    cacheImports: [...read("cache-imports", [], readCacheImports), ...read("cache-from", [], readCacheFrom)],
  };
  if (problems.length > 0) throw new UserError(problems);
  return result;
}

function withPrefix(opts: ReadonlyMap<string, string>, prefix: string): ReadonlyMap<string, string> {
  const entries = [...opts].filter(([key]) => key.startsWith(prefix));
  return new Map(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}

function splitArgs(
  args: ReadonlyMap<string, string>,
): Readonly<{ buildArgs: ReadonlyMap<string, string>; proxy: ProxyEnv }> {
  const buildArgs = new Map<string, string>();
  const proxy: { -readonly [K in keyof ProxyEnv]: ProxyEnv[K] } = {};
  for (const [name, value] of args) {
    const kind = PROXY_ARGS.get(name.toLowerCase());
    if (kind !== undefined) proxy[kind] = value;
    else if (!name.startsWith("BUILDKIT_")) buildArgs.set(name, value);
  }
  return { buildArgs, proxy };
}

/** A client that was given no `-f` sends the default of Dockerfiles. */
function readFilename(value: string): string {
  return value === "Dockerfile" ? DEFAULT_FILENAME : value;
}

function readPlatform(value: string): Platform {
  const [first, ...others] = parseCsv(value).map(parsePlatform);
  if (first === undefined) throw new RangeError("it names no platform");
  if (others.length > 0)
    throw new RangeError("builds for several platforms at once are not supported: build one by one");
  return first;
}

function oneOf<T extends string>(...values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw new RangeError(`"${value}" is not one of ${values.join(", ")}`);
    return found;
  };
}

function readHosts(value: string): readonly ExtraHost[] {
  return parseCsv(value).map((entry) => {
    const at = entry.indexOf("=");
    const [host, ip] = [entry.slice(0, at).toLowerCase(), entry.slice(at + 1).replace(/^\[(.*)\]$/, "$1")];
    if (at < 1 || isIP(ip) === 0) throw new RangeError(`"${entry}" is not HOST=ADDRESS`);
    return { host, ip };
  });
}

function readNoCache(value: string): "all" | ReadonlySet<string> {
  const names = parseCsv(value).map((name) => name.toLowerCase());
  return names.length === 0 ? "all" : new Set(names);
}

function readCacheImports(value: string): readonly CacheImport[] {
  const entries: unknown = JSON.parse(value);
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== "object" || entry === null)) {
    throw new RangeError("it is not a list of caches");
  }
  return entries.map((entry: { Type?: unknown; Attrs?: unknown }) => ({
    type: String(entry.Type ?? ""),
    attrs: Object.fromEntries(Object.entries(entry.Attrs ?? {}).map(([key, attr]) => [key, String(attr)])),
  }));
}

function readCacheFrom(value: string): readonly CacheImport[] {
  return parseCsv(value).map((ref) => ({ type: "registry", attrs: { ref } }));
}
