import type { Duplex, Readable } from "node:stream";
import type { RuntimeConfig } from "../oci/image-config.ts";

/**
 * The requests that we make of an engine, each as the engine knows it; what is above it gives them sense. Everything
 * rejects with an `EngineError` and nothing else.
 */
export interface EngineApi {
  version(): Promise<VersionAnswer>;
  info(): Promise<InfoAnswer>;
  inspectImage(reference: string): Promise<ImageAnswer>;
  /** A `docker save` archive. */
  saveImage(reference: string): Promise<Readable>;
  /** Takes a `docker save` archive; the answer is a stream of JSON lines. */
  loadImage(archive: Readable): Promise<Readable>;
  removeImage(reference: string): Promise<void>;
  /** Returns the container's id. */
  createContainer(request: CreateRequest): Promise<string>;
  /** `output`: its stdout and stderr, multiplexed, from now on. `input`: what is written becomes its stdin. */
  attachContainer(id: string, direction: "input" | "output"): Promise<Duplex>;
  startContainer(id: string): Promise<void>;
  inspectContainer(id: string): Promise<ContainerAnswer>;
  /** Answers when the container does not run any more. */
  waitContainer(id: string): Promise<WaitAnswer>;
  /** Its stop signal, and SIGKILL after so many seconds. */
  stopContainer(id: string, seconds: number): Promise<void>;
  /** Kills it if it runs, and removes its anonymous volumes too. */
  removeContainer(id: string): Promise<void>;
}

/** What we read of `GET /version`. */
export type VersionAnswer = Readonly<{ Version: string; Os: string; Arch: string }>;

/** What we read of `GET /info`. */
export type InfoAnswer = Readonly<{
  DriverStatus?: readonly (readonly string[])[] | null;
  SecurityOptions?: readonly string[] | null;
}>;

/** What we read of `GET /images/NAME/json`. */
export type ImageAnswer = Readonly<{
  Id: string;
  Os: string;
  Architecture: string;
  Variant?: string;
  Size: number;
  Config?: RuntimeConfig | null;
  RootFS?: Readonly<{ Layers?: readonly string[] | null }>;
  GraphDriver?: Readonly<{ Data?: object | null }> | null;
}>;

/** What we say in `POST /containers/create`. */
export type CreateRequest = Readonly<{
  Image: string;
  Cmd?: readonly string[];
  Entrypoint?: readonly string[];
  Env: readonly string[];
  Labels: Readonly<Record<string, string>>;
  User?: string;
  OpenStdin: boolean;
  StdinOnce: boolean;
}>;

/** What we read of `GET /containers/ID/json`. */
export type ContainerAnswer = Readonly<{
  NetworkSettings?: Readonly<{ Networks?: Readonly<Record<string, Readonly<{ IPAddress?: string }>>> | null }>;
}>;

/** What we read of `POST /containers/ID/wait`. */
export type WaitAnswer = Readonly<{ StatusCode: number; Error?: Readonly<{ Message?: string }> | null }>;
