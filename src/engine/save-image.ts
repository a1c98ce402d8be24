import type { Readable } from "node:stream";
import type { DockerEngine } from "./docker-engine.ts";
import { checkImageReference } from "./image-reference.ts";

/**
 * An image as `docker save` writes it, for `loadImage` of another engine. Read it to its end, or destroy it.
 * @throws EngineError
 */
export function saveImage({ api }: DockerEngine, reference: string): Promise<Readable> {
  return api.saveImage(checkImageReference(reference));
}
