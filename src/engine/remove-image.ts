import type { DockerEngine } from "./docker-engine.ts";
import { EngineError } from "./engine-error.ts";
import { checkImageReference } from "./image-reference.ts";

/**
 * Removes the name of an image, and the image with its last name. One that is not there is no error.
 * @throws EngineError `conflict` when a container runs that uses it.
 */
export async function removeImage({ api }: DockerEngine, reference: string): Promise<void> {
  const checked = checkImageReference(reference);
  try {
    await api.removeImage(checked);
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "not-found")) throw error;
  }
}
