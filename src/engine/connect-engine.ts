import type { IncomingMessage } from "node:http";
import Docker, { type DockerOptions } from "dockerode";
import type { DockerEngine, PingAnswer } from "./docker-engine.ts";
import { dockerodeApi } from "./dockerode-api.ts";
import { dockerodeOptions } from "./dockerode-options.ts";
import type { Endpoint } from "./endpoint.ts";
import { EngineError } from "./engine-error.ts";
import { toEngineError } from "./to-engine-error.ts";

/** The newest API version that the code here was tried with; engines that are newer are asked to speak it. */
const NEWEST_API = "1.51";

/**
 * Asks an engine for its name and agrees with it on a version of the API. `timeout` is in milliseconds.
 * @throws EngineError `unreachable` when nothing, or something that is no engine, answers in time.
 */
export async function connectEngine(
  endpoint: Endpoint,
  { timeout = 5_000 }: { timeout?: number } = {},
): Promise<DockerEngine> {
  try {
    const options = dockerodeOptions(endpoint);
    const ping = await pingEngine(createDocker(options), timeout);
    const version = `v${olderVersion(ping.apiVersion, NEWEST_API)}`;
    return { endpoint, ping, api: dockerodeApi(createDocker({ ...options, version })) };
  } catch (error) {
    throw toEngineError(error);
  }
}

/** docker-modem mixes DOCKER_HOST of the process, and what belongs to it, into the options that it is given. */
function createDocker(options: DockerOptions): Docker {
  const host = process.env["DOCKER_HOST"];
  delete process.env["DOCKER_HOST"];
  try {
    return new Docker(options);
  } finally {
    if (host !== undefined) process.env["DOCKER_HOST"] = host;
  }
}

async function pingEngine(docker: Docker, timeout: number): Promise<PingAnswer> {
  const { headers } = await ping(docker, AbortSignal.timeout(timeout)).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
    throw new EngineError("unreachable", `no answer within ${timeout / 1000} s`, { cause: error });
  });
  const header = (name: string): string => String(headers[name] ?? "");
  const apiVersion = header("api-version");
  if (!/^\d+\.\d+$/.test(apiVersion)) throw new EngineError("unreachable", "what answers there is not a Docker Engine");
  const podman = "libpod-api-version" in headers;
  return { apiVersion, os: header("ostype") || "linux", builder: header("builder-version"), podman };
}

/** dockerode's own `ping` drops the headers, which are all there is to know. */
function ping(docker: Docker, abortSignal: AbortSignal): Promise<IncomingMessage> {
  const request = { path: "/_ping", method: "GET", isStream: true, abortSignal, statusCodes: { 200: true } };
  return new Promise((resolve, reject) => {
    docker.modem.dial(request, (error: unknown, response: unknown) => {
      if (error) return reject(notAnEngine(error));
      const answer = response as IncomingMessage;
      answer.on("error", () => {}).resume();
      resolve(answer);
    });
  });
}

function notAnEngine(error: unknown): unknown {
  if (!(error instanceof Error && "statusCode" in error)) return error;
  return new EngineError("unreachable", `what answers there is not a Docker Engine: ${toEngineError(error).message}`, {
    cause: error,
  });
}

function olderVersion(one: string, other: string): string {
  return one.localeCompare(other, "en", { numeric: true }) < 0 ? one : other;
}
