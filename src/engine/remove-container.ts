import type { EngineApi } from "./engine-api.ts";
import { EngineError } from "./engine-error.ts";

/**
 * Removes a container whatever it does. One that is gone, or that somebody else is removing, is no error.
 * @throws EngineError
 */
export async function removeContainer(api: EngineApi, id: string): Promise<void> {
  try {
    await api.removeContainer(id);
  } catch (error) {
    if (!(error instanceof EngineError && ["not-found", "conflict"].includes(error.code))) throw error;
  }
}
