import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { join } from "node:path";
import type { DockerOptions } from "dockerode";
import type { Endpoint, TlsFiles } from "./endpoint.ts";

/** dockerode's types forget that docker-modem takes an agent. */
export type ModemOptions = DockerOptions & Readonly<{ agent: HttpAgent }>;

/**
 * An endpoint in dockerode's words. Each request has a connection of its own: some are taken over by a stream, others
 * last as long as a container does.
 * @throws Error when a certificate is there and cannot be read.
 */
export function dockerodeOptions(endpoint: Endpoint): ModemOptions {
  if (endpoint.kind === "socket") return { socketPath: endpoint.path, protocol: "http", agent: new HttpAgent() };
  const { host, port, tls } = endpoint;
  if (tls === undefined) return { host, port, protocol: "http", agent: new HttpAgent() };
  return {
    host,
    port,
    protocol: "https",
    ...certificates(tls),
    agent: new HttpsAgent({ rejectUnauthorized: tls.verify }),
  };
}

function certificates({ directory }: TlsFiles): Pick<DockerOptions, "ca" | "cert" | "key"> {
  const ca = readOptional(join(directory, "ca.pem"));
  const cert = readOptional(join(directory, "cert.pem"));
  const key = readOptional(join(directory, "key.pem"));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
