/** Where an engine listens. */
export type Endpoint =
  | Readonly<{ kind: "socket"; path: string }>
  | Readonly<{ kind: "tcp"; host: string; port: number; tls?: TlsFiles }>;

/** TLS with a directory that may hold `ca.pem`, `cert.pem` and `key.pem`; without `verify` any server is believed. */
export type TlsFiles = Readonly<{ directory: string; verify: boolean }>;

/** Where Docker listens on Linux unless told otherwise. */
export const DEFAULT_SOCKET = "/var/run/docker.sock";

/**
 * Reads an address as DOCKER_HOST and docker contexts hold it: `unix:///path`, `npipe:////./pipe/name` or
 * `tcp://host[:port]`, where `tcp://` may be left out.
 * @throws RangeError that says why the address cannot be used.
 */
export function parseEndpoint(text: string, tls?: TlsFiles): Endpoint {
  const [, scheme = "tcp", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? [];
  if (scheme === "unix") return { kind: "socket", path: rest === "" ? DEFAULT_SOCKET : absolute(rest) };
  if (scheme === "npipe") return { kind: "socket", path: rest === "" ? "//./pipe/docker_engine" : rest };
  if (scheme === "ssh") {
    throw new RangeError(
      "ssh:// is not supported: forward the socket with `ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST` and set DOCKER_HOST=unix:///tmp/docker.sock",
    );
  }
  if (scheme !== "tcp") throw new RangeError(`${scheme}:// is not supported: use unix:// or tcp://`);
  return parseTcp(rest, tls);
}

function absolute(path: string): string {
  if (!path.startsWith("/")) throw new RangeError(`"${path}" is not an absolute path`);
  return path;
}

function parseTcp(authority: string, tls: TlsFiles | undefined): Endpoint {
  const [, bracketedHost, plainHost, port] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?\/?$/.exec(authority) ?? [];
  const host = bracketedHost ?? plainHost;
  if (host === undefined || Number(port ?? 1) > 65535) {
    throw new RangeError(`"${authority}" is not of the form host:port`);
  }
  const number = Number(port ?? (tls === undefined ? 2375 : 2376));
  return { kind: "tcp", host, port: number, ...(tls !== undefined && { tls }) };
}
