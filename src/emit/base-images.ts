import type { ImageResolver, ResolvedImage } from "../oci/image-resolver.ts";
import type { Platform } from "../oci/platform.ts";
import type { ImagePlan, Stage } from "../plan/image-plan.ts";

/** The images that the stages of a plan start from, by the name in the plan, for one platform. */
export type BaseImages = ReadonlyMap<string, ResolvedImage>;

/** A base image could not be looked up; `cause` is what the resolver threw. */
export class BaseImageError extends Error {
  override readonly name = "BaseImageError";
  readonly stage: Stage;

  constructor(stage: Stage, cause: unknown) {
    super(`the base image ${stage.base} could not be resolved`, { cause });
    this.stage = stage;
  }
}

/**
 * Looks up every base image of a plan, at the same time.
 * @throws BaseImageError
 */
export async function resolveBases(plan: ImagePlan, resolver: ImageResolver, platform: Platform): Promise<BaseImages> {
  const stages = [...new Map(plan.stages.map((stage) => [stage.base, stage])).values()];
  const look = ({ base }: Stage): Promise<ResolvedImage> => resolver.resolveImage(fullReference(base), platform);
  const outcomes = await Promise.allSettled(stages.map(look));
  return new Map(
    stages.map((stage, index) => {
      const outcome = outcomes[index];
      // Of several that fail the first in the plan is told, whichever failed first.
      if (outcome?.status !== "fulfilled") throw new BaseImageError(stage, outcome?.reason);
      return [stage.base, outcome.value];
    }),
  );
}

/** The bases are official images. */
function fullReference(base: string): string {
  return `docker.io/library/${base}`;
}
