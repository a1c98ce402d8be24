import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One Docker engine that `up.sh` started. */
export type Engine = {
  name: "floor" | "classic" | "containerd";
  /** The value of DOCKER_HOST. */
  host: string;
  /** The client that belongs to this engine; one on PATH may lack buildx or BuildKit. */
  cli: string;
  /** The value of DOCKER_CONFIG: names the buildx plugin of this engine and holds no credentials. */
  config: string;
  version: string;
  /** Null where the engine does not tell. */
  buildkit: string | null;
  store: "overlay2" | "containerd";
  /** Null where the client builds without buildx. */
  buildx: string | null;
};

/** What `up.sh` writes when everything runs. */
export type EngineState = {
  /** Host and port of the registry that the engines use as their mirror of Docker Hub. */
  registry: string;
  /** The package index; the same address on the host and in build steps. */
  index: string;
  /** Image name to its origin: Docker Hub or made here from Debian packages. */
  bases: Record<string, "official" | "stand-in">;
  engines: Engine[];
};

/** The engines that are up, or undefined when `up.sh` has not been run. */
export function readEngines(): EngineState | undefined {
  const file = join(process.env["MICROB_ENGINE_RUN"] ?? "/run/microb-engine", "engines.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as EngineState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The environment with which `engine.cli` talks to the engine and builds with its BuildKit. */
export function dockerEnv(engine: Engine): Record<string, string> {
  return {
    DOCKER_HOST: engine.host,
    DOCKER_CONFIG: engine.config,
    BUILDX_BUILDER: "default",
    DOCKER_BUILDKIT: "1",
  };
}
