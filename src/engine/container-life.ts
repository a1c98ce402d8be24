import type { Duplex } from "node:stream";
import type { StartedContainer, StoppedContainer, StopReason } from "./container.ts";
import type { ContainerSpec } from "./container-spec.ts";
import type { EngineApi } from "./engine-api.ts";
import { EngineError } from "./engine-error.ts";
import { feedStdin } from "./feed-stdin.ts";
import { removeContainer } from "./remove-container.ts";
import { toEngineError } from "./to-engine-error.ts";
import { writeFrames } from "./write-frames.ts";

/** A container that was started, and its attached streams. */
type Running = Readonly<{ api: EngineApi; id: string; output: Duplex; input: Duplex | undefined }>;

const GRACE_MILLISECONDS = 2_000;

/** Sees a running container to its end, whoever asks for that first, and removes it then. */
export function containerLife(running: Running, spec: ContainerSpec): Omit<StartedContainer, "id" | "address"> {
  const { api, id } = running;
  let reason: StopReason | undefined;
  let ended = false;
  const end = async (why: StopReason): Promise<void> => {
    if (ended || reason !== undefined) return;
    reason = why;
    const seconds = Math.ceil((spec.grace ?? GRACE_MILLISECONDS) / 1_000);
    // If that cannot be done it may still be possible to remove it, which ends the wait.
    await api.stopContainer(id, seconds).catch(() => removeContainer(api, id));
  };
  const onEvent = (why: StopReason) => () => void end(why).catch(() => {});
  const stopWatching = watch(spec, { abort: onEvent("abort"), timeout: onEvent("timeout") });
  const stopped = outcome(running, spec)
    .finally(() => {
      ended = true;
      stopWatching();
    })
    .then((exitCode): StoppedContainer => ({ exitCode, ...(reason !== undefined && { stopped: reason }) }));
  // Nobody may be waiting yet.
  stopped.catch(() => {});
  const stop = (): Promise<StoppedContainer> => end("stop").then(() => stopped);
  return { wait: () => stopped, stop, [Symbol.asyncDispose]: () => stop().then(() => {}) };
}

async function outcome({ api, id, output, input }: Running, spec: ContainerSpec): Promise<number> {
  const release = input === undefined ? undefined : feedStdin(spec.stdin ?? "", { input, output });
  try {
    const [{ StatusCode, Error: failure }] = await Promise.all([api.waitContainer(id), writeFrames(output, spec)]);
    if (failure?.Message) throw new EngineError("failed", failure.Message);
    return StatusCode;
  } catch (error) {
    throw toEngineError(error, "running the container");
  } finally {
    release?.();
    input?.destroy();
    output.destroy();
    await removeContainer(api, id);
  }
}

type Handlers = Readonly<Record<"abort" | "timeout", () => void>>;

function watch({ signal, timeout }: ContainerSpec, { abort, timeout: onTimeout }: Handlers): () => void {
  const timer = timeout === undefined ? undefined : setTimeout(onTimeout, timeout);
  signal?.addEventListener("abort", abort);
  // It may have been aborted while the container was being started.
  if (signal?.aborted) abort();
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  };
}
