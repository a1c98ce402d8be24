import type { StartedContainer } from "./container.ts";
import { containerLife } from "./container-life.ts";
import { type ContainerSpec, createRequest } from "./container-spec.ts";
import type { DockerEngine } from "./docker-engine.ts";
import type { ContainerAnswer } from "./engine-api.ts";
import { removeContainer } from "./remove-container.ts";

/**
 * Starts a container. However it ends, and if starting fails, it is removed; its output flows from the first byte on.
 * @throws EngineError with the engine's words, `not-found` when the image is not there; the reason of `signal` when
 * that was aborted before the start.
 */
export async function startContainer({ api }: DockerEngine, spec: ContainerSpec): Promise<StartedContainer> {
  const request = createRequest(spec);
  spec.signal?.throwIfAborted();
  // Never aborted itself: the engine might create it all the same, and nobody would know its id.
  const id = await api.createContainer(request);
  const undo = new AbortController();
  try {
    spec.signal?.throwIfAborted();
    // Before the start, so that nothing is missed. Two connections: a broken stdin must not take the output with it.
    const output = closedBy(await api.attachContainer(id, "output"), undo.signal);
    const input = spec.stdin === undefined ? undefined : closedBy(await api.attachContainer(id, "input"), undo.signal);
    await api.startContainer(id);
    const address = addressOf(await api.inspectContainer(id));
    return { id, address, ...containerLife({ api, id, output, input }, spec) };
  } catch (error) {
    undo.abort();
    await removeContainer(api, id).catch(() => {});
    throw error;
  }
}

function closedBy<Stream extends { destroy(): unknown }>(stream: Stream, signal: AbortSignal): Stream {
  signal.addEventListener("abort", () => stream.destroy());
  return stream;
}

function addressOf({ NetworkSettings }: ContainerAnswer): string | undefined {
  const networks = Object.values(NetworkSettings?.Networks ?? {});
  return networks.map(({ IPAddress }) => IPAddress).find((address) => address);
}
