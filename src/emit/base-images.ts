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
  const stages = new Map(plan.stages.map((stage) => [stage.base, stage]));
  const resolve = async ([base, stage]: [string, Stage]): Promise<[string, ResolvedImage]> => {
    try {
      return [base, await resolver.resolveImage(fullReference(base), platform)];
    } catch (error) {
      throw new BaseImageError(stage, error);
    }
  };
  return new Map(await Promise.all([...stages].map(resolve)));
}

/** The bases are official images. */
function fullReference(base: string): string {
  return `docker.io/library/${base}`;
}
