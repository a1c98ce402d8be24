import type { VertexOptions } from "./vertex.ts";

/** Only the general options among the fields of a constructor's argument. */
export function vertexOptions({ name, ignoreCache, origin, progressGroup, resources }: VertexOptions): VertexOptions {
  return Object.freeze({
    ...(name !== undefined && { name }),
    ...(ignoreCache !== undefined && { ignoreCache }),
    ...(origin !== undefined && { origin }),
    ...(progressGroup !== undefined && { progressGroup }),
    ...(resources !== undefined && { resources }),
  });
}
