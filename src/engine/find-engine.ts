import { homedir } from "node:os";
import { type Candidate, type Environment, STRATEGY_NAMES, type StrategyName } from "./candidate.ts";
import { connectEngine } from "./connect-engine.ts";
import { defaultSockets } from "./default-sockets.ts";
import { dockerContext } from "./docker-context.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { dockerHost } from "./docker-host.ts";
import { EngineError } from "./engine-error.ts";
import { privateEngines } from "./private-engines.ts";
import { toEngineError } from "./to-engine-error.ts";

/** A place that was looked at, and why it is not the engine that was found. */
export type Attempt = Readonly<{ strategy: StrategyName; name: string; reason: string }>;

/** An engine that answers, how it was found, and what was tried before it. */
export type FoundEngine = DockerEngine &
  Readonly<{ found: Pick<Candidate, "strategy" | "name" | "clientEnv">; attempts: readonly Attempt[] }>;

/** How to look for an engine. */
export type FindOptions = Readonly<{
  /** The strategies to use; all of them unless given. Their order is fixed. */
  strategies?: readonly StrategyName[];
  /** Says why an engine that answers will not do; undefined takes it. */
  refuse?: (
    engine: DockerEngine,
    found: Pick<Candidate, "strategy" | "name" | "clientEnv">,
  ) => Promise<string | undefined>;
  /** How an address becomes an engine. */
  connect?: typeof connectEngine;
}>;

const STRATEGIES: Readonly<Record<StrategyName, (env: Environment, home: string) => readonly Candidate[]>> = {
  "docker-host": dockerHost,
  context: dockerContext,
  socket: defaultSockets,
  private: privateEngines,
};

/**
 * The first engine that answers: DOCKER_HOST, the docker context, the usual sockets, the private test engine. Unlike
 * the docker client it goes on when DOCKER_HOST or the context leads nowhere; `attempts` of the result tells.
 * @throws EngineError `unreachable` that lists every place and why it was passed over.
 */
export async function findEngine(env: Environment, options: FindOptions = {}): Promise<FoundEngine> {
  const { strategies = STRATEGY_NAMES, refuse = async () => undefined, connect = connectEngine } = options;
  const home = env["HOME"] || homedir();
  const attempts: Attempt[] = [];
  for (const candidate of STRATEGY_NAMES.filter((name) => strategies.includes(name)).flatMap((name) =>
    STRATEGIES[name](env, home),
  )) {
    const { strategy, name, clientEnv } = candidate;
    const found = { strategy, name, clientEnv };
    try {
      if ("reason" in candidate) throw new EngineError("invalid", candidate.reason);
      const engine = await connect(candidate.endpoint);
      const refusal = await refuse(engine, found);
      if (refusal === undefined) return { ...engine, found, attempts };
      attempts.push({ strategy, name, reason: refusal });
    } catch (error) {
      attempts.push({ strategy, name, reason: reasonOf(toEngineError(error)) });
    }
  }
  throw notFound(attempts);
}

function reasonOf({ message, help }: EngineError): string {
  return help === undefined ? message : `${message} (${help})`;
}

function notFound(attempts: readonly Attempt[]): EngineError {
  const lines = attempts.map(({ name, reason }) => `\n  ${name}: ${reason}`);
  return new EngineError("unreachable", `no Docker Engine that can be used was found:${lines.join("")}`, {
    help: "start Docker, or set DOCKER_HOST to the address of an engine",
  });
}
