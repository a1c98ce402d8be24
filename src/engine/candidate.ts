import { type Endpoint, parseEndpoint, type TlsFiles } from "./endpoint.ts";

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The ways to look for an engine, in their order. */
export const STRATEGY_NAMES = ["docker-host", "context", "socket", "private"] as const;

/** One way to look for an engine. */
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** A place where an engine may be, found by a strategy, or the reason why the strategy names none. */
export type Candidate = Readonly<{
  strategy: StrategyName;
  /** What it is, for people. */
  name: string;
  /** Variables with which the docker client reaches the same engine; undefined means unset. */
  clientEnv: Environment;
}> &
  (Readonly<{ endpoint: Endpoint }> | Readonly<{ reason: string }>);

/** A candidate at an address that may turn out not to be one. */
export function candidateAt(
  about: Pick<Candidate, "strategy" | "name" | "clientEnv">,
  address: string,
  tls?: TlsFiles,
): Candidate {
  try {
    return { ...about, endpoint: parseEndpoint(address, tls) };
  } catch (error) {
    return { ...about, reason: (error as RangeError).message };
  }
}

/** The directory of the docker client's settings (DOCKER_CONFIG). */
export function configDirectory(env: Environment, home: string): string {
  return env["DOCKER_CONFIG"] || `${home}/.docker`;
}
