import { isIP } from "node:net";
import { isTooLong, MAX_PATH } from "../config/path-limit.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { Limits } from "../emit/limits.ts";
import type { ResolveMode } from "../llb/image.ts";
import type { ExtraHost, Network, ProxyEnv } from "../llb/vertex.ts";
import { formatPlatform, type Platform, parsePlatform } from "../oci/platform.ts";
import { ownArgument, splitArguments } from "../plan/build-args.ts";
import { parseCsv } from "./csv.ts";
import { readLimits } from "./limit-opts.ts";
import { type OptionReader, oneOf, optionReader, parseBoolean, wholeNumber } from "./option-reader.ts";
import { withPrefix } from "./with-prefix.ts";

/** What the caller of the build asks for. */
export type BuildOpts = Readonly<{
  /** The path of the build file. */
  filename: string;
  target: string;
  /** What is built, in the order asked for; without a wish it is the platform of the machine that builds. */
  platforms: readonly Platform[];
  /** Whether the result is one image for each platform, even if there is only one. */
  multiPlatform: boolean;
  /** That of the machine that builds. */
  buildPlatform: Platform;
  /** Arguments that values may use: all but those that BuildKit itself reads. */
  buildArgs: ReadonlyMap<string, string>;
  labels: ReadonlyMap<string, string>;
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
  limits: Limits;
  /** What is said about checks instead of the build file's own line. */
  check?: string;
  /** What is set instead of the time, in seconds since 1970 (`SOURCE_DATE_EPOCH`). */
  epoch?: number;
}>;

/** A cache of other builds that may answer for steps of this one. */
export type CacheImport = Readonly<{ type: string; attrs: Readonly<Record<string, string>> }>;

/** The last whole second that BuildKit can count in nanoseconds, in 2262. */
const LAST_EPOCH = 9_223_372_036;

/** The build file's name by convention. */
export const DEFAULT_FILENAME = "pyproject.toml";

const BUILD_ARG = "build-arg:";
const LABEL = "label:";

/**
 * Reads the options of a build (BuildKit `frontend/dockerui/config.go` and `attr.go`). Options that are not known are
 * ignored: newer clients may send more.
 * @throws UserError that names every option with a value that is not valid.
 */
export function readBuildOpts(opts: ReadonlyMap<string, string>, defaultPlatform: Platform): BuildOpts {
  const { read, refuse, problems } = optionReader(opts);
  const args = withPrefix(opts, BUILD_ARG);
  const { variables, proxy } = splitArguments(args);
  const hostname = args.get("BUILDKIT_SANDBOX_HOSTNAME") || opts.get("hostname") || undefined;
  const platforms = read("platform", [defaultPlatform], (value) => readPlatforms(value, defaultPlatform));
  const epoch = read(`${BUILD_ARG}SOURCE_DATE_EPOCH`, undefined, wholeNumber(0, LAST_EPOCH));
  const check = args.get("BUILDKIT_DOCKERFILE_CHECK") || undefined;
  refuseOld(read);
  refuseUnknownAttestations(opts, refuse);
  const result: BuildOpts = {
    filename: read("filename", DEFAULT_FILENAME, readFilename),
    target: opts.get("target") || ownArgument(args, "microb_target") || "",
    platforms,
    buildPlatform: defaultPlatform,
    multiPlatform: readMultiPlatform(read, platforms),
    buildArgs: variables,
    labels: withPrefix(opts, LABEL),
    ...(Object.keys(proxy).length > 0 && { proxy }),
    network: read("force-network-mode", "sandbox", oneOf<Network>("none", "host", "sandbox")),
    extraHosts: read("add-hosts", [], readHosts),
    ...(hostname !== undefined && { hostname }),
    cacheNamespace: args.get("BUILDKIT_CACHE_MOUNT_NS") ?? "",
    resolveMode: read("image-resolve-mode", "default", oneOf<ResolveMode>("default", "pull", "local")),
    noCache: opts.has("no-cache") ? readNoCache(opts.get("no-cache") ?? "") : new Set(),
    cacheImports: [...read("cache-imports", [], readCacheImports), ...read("cache-from", [], readCacheFrom)],
    limits: readLimits(read),
    ...(check !== undefined && { check }),
    ...(epoch !== undefined && { epoch }),
  };
  if (problems.length > 0) throw new UserError(problems);
  return result;
}

/** A client that was given no `-f` sends the default of Dockerfiles. */
function readFilename(value: string): string {
  if (isTooLong(value)) throw new RangeError(`it is longer than ${MAX_PATH} bytes: no path is`);
  return value === "Dockerfile" ? DEFAULT_FILENAME : value;
}

function readPlatforms(value: string, machine: Platform): readonly Platform[] {
  const platforms = parseCsv(value).map((text) => parsePlatform(text, machine));
  if (platforms.length === 0) throw new RangeError("it has no platform");
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

/** The build argument beats the option; several platforms cannot be one image (`frontend/dockerui/config.go`). */
function readMultiPlatform(read: OptionReader, platforms: readonly Platform[]): boolean {
  const several = platforms.length > 1;
  const parse = (value: string): boolean => {
    const multiPlatform = parseBoolean(value);
    if (several && !multiPlatform) throw new RangeError(`${platforms.length} platforms cannot be one image`);
    return multiPlatform;
  };
  return read(`${BUILD_ARG}BUILDKIT_MULTI_PLATFORM`, undefined, parse) ?? read("multi-platform", several, parse);
}

/** Ways of copying from before 2019, which BuildKit itself refuses since 0.11. */
function refuseOld(read: OptionReader): void {
  const refuse = (): never => {
    throw new RangeError("BuildKit copies files itself: leave this option out");
  };
  read("override-copy-image", undefined, refuse);
  read(`${BUILD_ARG}BUILDKIT_DISABLE_FILEOP`, undefined, (value) => (parseBoolean(value) ? refuse() : undefined));
}

const ATTESTATION = /^(?:attest:|build-arg:BUILDKIT_ATTEST_)(.*)$/s;

/** Attestations are made by the daemon, but frontends refuse what nobody makes (`frontend/attestations/parse.go`). */
function refuseUnknownAttestations(
  opts: ReadonlyMap<string, string>,
  refuse: (key: string, why: string) => void,
): void {
  for (const key of opts.keys()) {
    const kind = ATTESTATION.exec(key)?.[1]?.toLowerCase();
    if (kind === undefined || kind === "sbom" || kind === "provenance") continue;
    refuse(key, "the kinds of attestations are sbom and provenance");
  }
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
