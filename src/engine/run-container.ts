import type { StoppedContainer } from "./container.ts";
import type { ContainerSpec } from "./container-spec.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { startContainer } from "./start-container.ts";

/**
 * Runs a container to its end. An abort while it runs stops it, and the result says so.
 * @throws EngineError when it cannot be started; the reason of `signal` when that was aborted before the start.
 */
export async function runContainer(engine: DockerEngine, spec: ContainerSpec): Promise<StoppedContainer> {
  return (await startContainer(engine, spec)).wait();
}
