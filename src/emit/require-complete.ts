import type { ImagePlan } from "../plan/image-plan.ts";

/**
 * Refuses a plan whose dependencies are still to be put in: it would be an image without them.
 * @throws TypeError
 */
export function requireComplete({ locked }: ImagePlan): void {
  if (locked !== undefined) throw new TypeError(`the files of ${locked.lock.source.filename} were not chosen yet`);
}
