import type { TomlPath } from "../diagnostic/diagnostic.ts";
import type { Output } from "../llb/vertex.ts";
import type { ResolvedImage } from "../oci/image-resolver.ts";
import type { Platform } from "../oci/platform.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { usedStages } from "../plan/used-stages.ts";

/** An image that a plan uses. */
export type BaseImage = ResolvedImage &
  Readonly<{
    /** Its filesystem, if that is not what the registry has: a context of the same name. */
    root?: Output;
    /** Whether such a context is an image too, with a configuration of its own. */
    isImage?: boolean;
  }>;

/** The images that a plan uses, by the name in the plan, for one platform. */
export type BaseImages = ReadonlyMap<string, BaseImage>;

/** Looks images up by the name that a plan gives them. */
export interface BaseResolver {
  resolveImage(name: string, platform: Platform): Promise<BaseImage>;
}

/** An image could not be looked up; `cause` is what the resolver threw. */
export class BaseImageError extends Error {
  override readonly name = "BaseImageError";
  readonly image: string;
  readonly use: ImageUse;

  constructor(image: string, use: ImageUse, cause: unknown) {
    super(`the image ${image} could not be resolved`, { cause });
    this.image = image;
    this.use = use;
  }
}

/** What an image is for: a stage starts from it, or files are copied out of it; and the entry that asks for it. */
export type ImageUse = Readonly<{ kind: "base" | "files"; origin?: TomlPath }>;

/**
 * Looks up every image that a plan uses and that is not known yet, at the same time.
 * @throws BaseImageError
 */
export async function resolveBases(
  plan: ImagePlan,
  resolver: BaseResolver,
  platform: Platform,
  known: BaseImages = new Map(),
): Promise<BaseImages> {
  const images = [...imagesOf(plan)].filter(([name]) => !known.has(name));
  const outcomes = await Promise.allSettled(images.map(([name]) => resolver.resolveImage(name, platform)));
  return new Map([
    ...known,
    ...images.map(([name, use], index): [string, BaseImage] => {
      const outcome = outcomes[index];
      // Of several that fail the first in the plan is told, whichever failed first.
      if (outcome?.status !== "fulfilled") throw new BaseImageError(name, use, outcome?.reason);
      return [name, outcome.value];
    }),
  ]);
}

/** The names of all images that a plan needs, in order, and what asks for them. */
function imagesOf(plan: ImagePlan): ReadonlyMap<string, ImageUse> {
  const images = new Map<string, ImageUse>();
  const add = (name: string, kind: ImageUse["kind"], origin: TomlPath | undefined): void => {
    if (!images.has(name)) images.set(name, { kind, ...(origin !== undefined && { origin }) });
  };
  const stages = usedStages(plan);
  const names = new Set(stages.map(({ name }) => name));
  for (const { base, origin, steps } of stages) {
    if (!names.has(base)) add(base, "base", origin);
    for (const step of steps) {
      if (step.kind === "copy" && step.from.kind === "image") add(step.from.reference, "files", step.origin);
    }
  }
  return images;
}
