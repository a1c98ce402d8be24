import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "../src/engine/candidate.ts";
import type { DockerEngine } from "../src/engine/docker-engine.ts";
import { EngineError } from "../src/engine/engine-error.ts";
import { engineInfo } from "../src/engine/engine-info.ts";
import { findEngine as findDockerEngine } from "../src/engine/find-engine.ts";
import { dockerEnv, readEngines } from "../test/engine/engines.ts";

/** An engine, and a docker client with the environment in which it builds there: builds need a client's session. */
export type BuildEngine = Readonly<{ engine: DockerEngine; docker: string; env: NodeJS.ProcessEnv; about: string }>;

/**
 * The user's own engine if it answers and the docker client on PATH can build there with BuildKit; else the private
 * test engine, started if need be.
 * @throws EngineError that says what is missing.
 */
export async function findEngine(): Promise<BuildEngine> {
  try {
    return await ownEngine(process.env);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return privateEngine(process.env, error);
  }
}

async function ownEngine(env: Environment): Promise<BuildEngine> {
  const { found, ...engine } = await findDockerEngine(env, {
    strategies: ["docker-host", "context", "socket"],
    refuse: async (candidate, { clientEnv }) => {
      if (!(await engineInfo(candidate)).buildkit) return "it cannot build with BuildKit";
      return whyClientCannotBuild(buildEnv(env, clientEnv));
    },
  });
  const { version } = await engineInfo(engine);
  const about = `your own, Docker ${version} (${found.name})`;
  return { engine, docker: "docker", env: buildEnv(env, found.clientEnv), about };
}

async function privateEngine(env: Environment, why: EngineError): Promise<BuildEngine> {
  const up = join(import.meta.dirname, "../test/engine/up.sh");
  const { status } = spawnSync(up, ["containerd"], { stdio: ["ignore", "inherit", "inherit"] });
  const client = status === 0 ? readEngines()?.engines.find(({ name }) => name === "containerd") : undefined;
  if (client === undefined) {
    throw new EngineError("unreachable", `${why.message}\nand a private one could not be started (see above)`, {
      cause: why,
      ...(why.help !== undefined && { help: why.help }),
    });
  }
  const engine = await findDockerEngine(env, { strategies: ["private"] });
  const about = `the private test engine, Docker ${client.version}, because ${why.message}`;
  return { engine, docker: client.cli, env: buildEnv(env, { ...engine.found.clientEnv, ...dockerEnv(client) }), about };
}

function buildEnv(env: Environment, clientEnv: Environment): NodeJS.ProcessEnv {
  return { ...env, DOCKER_BUILDKIT: "1", BUILDX_BUILDER: "default", ...clientEnv };
}

/** Why the docker client on PATH cannot use BuildKit: from 23 on it does so only through the buildx plugin. */
function whyClientCannotBuild(env: NodeJS.ProcessEnv): string | undefined {
  const ask = (...args: readonly string[]): string | undefined => {
    const { status, stdout } = spawnSync("docker", args, { env, encoding: "utf8", timeout: 10_000 });
    return status === 0 ? stdout.trim() : undefined;
  };
  const version = ask("version", "--format", "{{.Client.Version}}");
  if (version === undefined) return "there is no docker client on PATH that can talk to it";
  if (Number.parseInt(version, 10) < 23 || ask("buildx", "version") !== undefined) return undefined;
  return `the docker client ${version} has no buildx plugin, without which it cannot use BuildKit`;
}
