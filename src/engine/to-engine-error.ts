import { EngineError, type EngineErrorCode } from "./engine-error.ts";

/** What dockerode and Node's streams put on the errors that they throw. */
type Thrown = Readonly<{ message?: unknown; code?: unknown; statusCode?: unknown; json?: unknown; errors?: unknown }>;

const BY_STATUS: Readonly<Record<number, EngineErrorCode>> = { 400: "invalid", 404: "not-found", 409: "conflict" };

/** Codes of Node's for a connection that could not be made or did not last, TLS included. */
const CONNECTION =
  /^(?:ECONN|ENOENT$|ENOTSOCK$|EACCES$|EPERM$|EPIPE$|ENOTFOUND$|EAI_|EHOST|ENET|ETIMEDOUT$|EPROTO$|ABORT_ERR$|HPE_|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_STREAM_PREMATURE_CLOSE$)/;

const HELP: Readonly<Record<string, string>> = {
  EACCES: "add yourself to the group of the socket (usually `docker`), or run a rootless engine",
};

/**
 * The one way from anything thrown to an `EngineError`: the engine's own words, a code to decide by, and the cause.
 * `doing` says what was attempted. An `EngineError` is returned as it is.
 */
export function toEngineError(thrown: unknown, doing?: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Thrown;
  const { code, statusCode } = error;
  const words = wordsOf(error, thrown);
  const help = typeof code === "string" ? HELP[code] : undefined;
  return new EngineError(codeOf(code, statusCode), doing === undefined ? words : `${doing}: ${words}`, {
    cause: thrown,
    ...(help !== undefined && { help }),
  });
}

function codeOf(code: unknown, statusCode: unknown): EngineErrorCode {
  if (typeof statusCode === "number") return BY_STATUS[statusCode] ?? "failed";
  return typeof code === "string" && CONNECTION.test(code) ? "unreachable" : "failed";
}

function wordsOf({ json, message, code, statusCode, errors }: Thrown, thrown: unknown): string {
  const own = (messageOf(json) ?? withoutPrefix(String(message ?? thrown))).trim();
  if (own !== "") return own;
  // Node tries all addresses of a host and then throws an error without words around those of each.
  const parts = Array.isArray(errors) ? errors.map((part) => wordsOf(part as Thrown, part)) : [];
  return parts.join("; ") || String(code ?? (statusCode === undefined ? "no reason given" : `HTTP ${statusCode}`));
}

/** The engine answers errors with `{"message": "…"}`. */
function messageOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("message" in json)) return undefined;
  return typeof json.message === "string" ? json.message : undefined;
}

/** dockerode writes `(HTTP code 404) no such container - <the engine's words> `. */
function withoutPrefix(message: string): string {
  return message.replace(/^\(HTTP code \d+\) [^-]*- /, "");
}
