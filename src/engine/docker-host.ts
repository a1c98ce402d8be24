import { type Candidate, candidateAt, configDirectory, type Environment } from "./candidate.ts";
import type { TlsFiles } from "./endpoint.ts";

/** What DOCKER_HOST names, with the TLS settings that go with it, as the docker client reads them. */
export function dockerHost(env: Environment, home: string): readonly Candidate[] {
  const address = env["DOCKER_HOST"];
  const about = { strategy: "docker-host", clientEnv: {} } as const;
  if (!address) return [{ ...about, name: "DOCKER_HOST", reason: "not set" }];
  return [candidateAt({ ...about, name: `DOCKER_HOST=${address}` }, address, tlsFiles(env, home))];
}

/** Any value switches on, even `0`: so does the docker client. */
function tlsFiles(env: Environment, home: string): TlsFiles | undefined {
  const verify = Boolean(env["DOCKER_TLS_VERIFY"]);
  if (!verify && !env["DOCKER_TLS"]) return undefined;
  return { directory: env["DOCKER_CERT_PATH"] || configDirectory(env, home), verify };
}
