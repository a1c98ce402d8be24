import type { llb } from "../pb/generated.js";
import { maskText } from "../util/mask.ts";
import type { EmbeddedVertex } from "./embed.ts";
import { requiredCaps } from "./required-caps.ts";
import type { Vertex } from "./vertex.ts";

/** The key under which a vertex's display name travels (BuildKit `solver/llbsolver/vertex.go`). */
export const NAME_KEY = "llb.customname";

/** What goes with an op besides its bytes: its display name, and the capabilities without which it must not run. */
export function opMetadata(vertex: Exclude<Vertex, EmbeddedVertex>): llb.OpMetadata.$Properties {
  const { name, ignoreCache, progressGroup, resources } = vertex.options;
  return {
    ...(ignoreCache && { ignoreCache }),
    ...(name !== undefined && { description: { [NAME_KEY]: maskText(name) } }),
    caps: Object.fromEntries(requiredCaps(vertex).map((cap) => [cap, true])),
    ...(progressGroup && { progressGroup }),
    ...(resources && { linuxResources: { ...resources } }),
  };
}

/** What two vertices that make the same op say of it together (`client/llb/state.go`, `mergeMetadata`). */
export function mergeMetadata(
  first: llb.OpMetadata.$Properties,
  second: llb.OpMetadata.$Properties,
): llb.OpMetadata.$Properties {
  return {
    ...first,
    ...second,
    ...((first.ignoreCache || second.ignoreCache) && { ignoreCache: true }),
    ...((first.description || second.description) && { description: { ...first.description, ...second.description } }),
    caps: { ...first.caps, ...second.caps },
  };
}

/** The terminal op asks for what the definition as a whole uses (`client/llb/state.go`, `Marshal`). */
export function terminalMetadata(all: readonly llb.OpMetadata.$Properties[]): llb.OpMetadata.$Properties {
  return {
    caps: {
      constraints: true,
      platform: true,
      ...(all.some(({ ignoreCache }) => ignoreCache) && { "meta.ignorecache": true }),
      ...(all.some(({ description }) => Object.keys(description ?? {}).length > 0) && { "meta.description": true }),
      ...(all.some(({ exportCache }) => exportCache) && { "meta.exportcache": true }),
    },
  };
}
