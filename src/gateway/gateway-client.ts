import type { Definition } from "../llb/definition.ts";
import type { Origin } from "../llb/origin.ts";
import type { Capabilities } from "./capabilities.ts";
import type { ImageLookup } from "./image-lookup.ts";
import type { Reference } from "./reference.ts";
import type { Returner } from "./return-result.ts";

/**
 * The daemon, as a frontend sees it. Whatever a call fails with is a GatewayError, unless said otherwise.
 * Every build ends with `returnResult` or `returnError`.
 */
export interface GatewayClient extends Returner {
  /** What the daemon can do. It was asked when the client was made, so other calls need not wait for it. */
  readonly caps: Promise<Capabilities>;
  resolveImage: ImageLookup;
  solve(request: SolveRequest): Promise<Reference>;
  /** Graphs that the caller of the build handed in by name, for `embed`. */
  inputs(): Promise<ReadonlyMap<string, Definition>>;
  /** Shows a warning, if the daemon can. Never throws: a warning must not fail a build. */
  warn(warning: Warning): Promise<void>;
  close(): void;
}

/** A graph to be solved. Nothing runs until the reference is read or returned, unless `evaluate` is set. */
export type SolveRequest = Readonly<{
  definition: Definition;
  evaluate?: boolean;
  cacheImports?: readonly CacheImport[];
}>;

/** An external cache to consult, such as `{ type: "registry", attrs: { ref } }`. */
export type CacheImport = Readonly<{ type: string; attrs: Readonly<Record<string, string>> }>;

/** `digest` names an op of a solved definition (see `definitionHead`); `short` is one line. */
export type Warning = Readonly<{
  digest: string;
  short: string;
  detail?: readonly string[];
  url?: string;
  origin?: Origin;
  level?: number;
}>;
