import type { Endpoint } from "./endpoint.ts";
import type { EngineApi } from "./engine-api.ts";

/** An engine that has answered. */
export type DockerEngine = Readonly<{
  endpoint: Endpoint;
  ping: PingAnswer;
  api: EngineApi;
}>;

/** What an engine says of itself before it is asked for anything. */
export type PingAnswer = Readonly<{
  /** The newest version of the API that it speaks. */
  apiVersion: string;
  os: string;
  /** The builder that it recommends: `1` the old one, `2` BuildKit, nothing before Docker 23. */
  builder: string;
  /** Podman answers as Docker does, and cannot build with BuildKit. */
  podman: boolean;
}>;
