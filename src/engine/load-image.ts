import type { Readable } from "node:stream";
import type { DockerEngine } from "./docker-engine.ts";
import { EngineError } from "./engine-error.ts";
import { jsonLines } from "./json-lines.ts";
import { toEngineError } from "./to-engine-error.ts";

/** One line of the engine's progress. */
type Progress = Readonly<{ stream?: string; error?: string; errorDetail?: Readonly<{ message?: string }> }>;

/**
 * Puts the images of a `docker save` archive into the engine. Returns their names, or the ids of those without one.
 * @throws EngineError also for an error that the engine reports while it works.
 */
export async function loadImage({ api }: DockerEngine, archive: Readable): Promise<readonly string[]> {
  const loaded: string[] = [];
  try {
    for await (const line of jsonLines(await api.loadImage(archive))) {
      const { stream = "", error, errorDetail } = line as Progress;
      const message = errorDetail?.message ?? error;
      if (message !== undefined) throw new EngineError("failed", `loading an image: ${message}`);
      const name = /^Loaded image(?: ID)?: (.*)$/m.exec(stream)?.[1];
      if (name !== undefined) loaded.push(name);
    }
  } catch (error) {
    archive.destroy();
    throw toEngineError(error, "loading an image");
  }
  return loaded;
}
