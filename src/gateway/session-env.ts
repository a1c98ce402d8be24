import { normalizePlatform, type Platform } from "../oci/platform.ts";

/** What the daemon tells a frontend through its environment (BuildKit `frontend/gateway/gateway.go`). */
export type SessionEnv = Readonly<{
  sessionId: string;
  /** The first one is the default worker. */
  workers: readonly Worker[];
  /** `docker`, `buildkit` or nothing. */
  product: string;
  opts: ReadonlyMap<string, string>;
}>;

/** Something that runs ops; its first platform is the one that it runs natively. */
export type Worker = Readonly<{ id: string; platforms: readonly Platform[] }>;

const OPT_PREFIX = "BUILDKIT_FRONTEND_OPT_";

/**
 * Reads the variables. An option is `key=value`, split at the first `=`; the number in the variable's name means
 * nothing. Daemons before 0.10 write the keys of workers in capitals.
 * @throws SyntaxError when the list of workers is not JSON.
 */
export function readSessionEnv(env: Readonly<Record<string, string | undefined>>): SessionEnv {
  const opts = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(OPT_PREFIX) && value !== undefined ? [splitOption(value)] : [],
  );
  const workers: unknown = JSON.parse(env["BUILDKIT_WORKERS"] || "[]");
  return {
    sessionId: env["BUILDKIT_SESSION_ID"] ?? "",
    workers: Array.isArray(workers) ? workers.map(readWorker) : [],
    product: env["BUILDKIT_EXPORTEDPRODUCT"] ?? "",
    opts: new Map(opts.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function splitOption(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function readWorker(value: unknown): Worker {
  const worker = lowerCaseKeys(value);
  const platforms = Array.isArray(worker["platforms"]) ? worker["platforms"].map(readPlatform) : [];
  return { id: text(worker["id"]), platforms };
}

function readPlatform(value: unknown): Platform {
  const platform = lowerCaseKeys(value);
  const variant = text(platform["variant"]);
  const { os, architecture } = { os: text(platform["os"]), architecture: text(platform["architecture"]) };
  return normalizePlatform(variant === "" ? { os, architecture } : { os, architecture, variant });
}

function lowerCaseKeys(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, field]) => [key.toLowerCase(), field]));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
