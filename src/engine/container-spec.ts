import type { Readable } from "node:stream";
import type { CreateRequest } from "./engine-api.ts";
import { checkImageReference } from "./image-reference.ts";
import type { Sinks } from "./write-frames.ts";

/** What to run, and how. What is left out is as in the image. */
export type ContainerSpec = Sinks &
  Readonly<{
    image: string;
    /** Replaces the image's command. With `entrypoint` alone there is none. */
    command?: readonly string[];
    entrypoint?: readonly string[];
    env?: Readonly<Record<string, string>>;
    /** So that containers can be found again should this process be killed. */
    labels: Readonly<Record<string, string>>;
    user?: string;
    /** Nothing unless given. A stream is left as it is when the container ends first. */
    stdin?: Readable | string | Uint8Array;
    /** Milliseconds after which the container is stopped. */
    timeout?: number;
    /** Milliseconds between the stop signal and SIGKILL, rounded up to seconds; 2000 unless given. */
    grace?: number;
    /** Stops the container. */
    signal?: AbortSignal | undefined;
  }>;

/** The request that creates a container. */
export function createRequest(spec: ContainerSpec): CreateRequest {
  const { image, command, entrypoint, env = {}, labels, user, stdin } = spec;
  return {
    Image: checkImageReference(image),
    ...(command !== undefined && { Cmd: command }),
    ...(entrypoint !== undefined && { Entrypoint: entrypoint }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: labels,
    ...(user !== undefined && { User: user }),
    OpenStdin: stdin !== undefined,
    StdinOnce: stdin !== undefined,
  };
}
