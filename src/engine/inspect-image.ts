import type { RuntimeConfig } from "../oci/image-config.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { DockerEngine } from "./docker-engine.ts";
import type { ImageAnswer } from "./engine-api.ts";
import { EngineError } from "./engine-error.ts";
import { checkImageReference } from "./image-reference.ts";

/** An image that an engine has. */
export type InspectedImage = Readonly<{
  id: string;
  platform: Platform;
  config: RuntimeConfig;
  /** The digests of its unpacked layers. */
  layers: readonly string[];
  size: ImageSize;
}>;

/** An image store of containerd's tells the size of the packed image, the classic one that of the unpacked layers. */
export type ImageSize = Readonly<{ bytes: number; of: "packed" | "unpacked" }>;

/**
 * What the engine knows of an image, or undefined when it does not have it.
 * @throws EngineError
 */
export async function inspectImage({ api }: DockerEngine, reference: string): Promise<InspectedImage | undefined> {
  const checked = checkImageReference(reference);
  try {
    return inspected(await api.inspectImage(checked));
  } catch (error) {
    if (error instanceof EngineError && error.code === "not-found") return undefined;
    throw error;
  }
}

function inspected(answer: ImageAnswer): InspectedImage {
  const { Os: os, Architecture: architecture, Variant: variant } = answer;
  return {
    id: answer.Id,
    platform: normalizePlatform(variant ? { os, architecture, variant } : { os, architecture }),
    config: answer.Config ?? {},
    layers: answer.RootFS?.Layers ?? [],
    // Only the classic store has a graph driver that knows the directories of the layers.
    size: { bytes: answer.Size, of: answer.GraphDriver?.Data ? "unpacked" : "packed" },
  };
}
