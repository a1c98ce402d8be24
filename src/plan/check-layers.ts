import { atKey } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { assertNever } from "../util/assert-never.ts";
import type { ImagePlan } from "./image-plan.ts";
import type { Step } from "./step.ts";

/** Engines cannot start a container of an image with more layers (moby `layer/layer_store.go`, `maxLayerDepth`). */
export const MOST_LAYERS = 125;

/**
 * Refuses an image that could be built but not started.
 * @throws UserError
 */
export function checkLayers(plan: ImagePlan, source: SourceText, base: ImageConfig | undefined): void {
  const layers = countLayers(plan, base);
  if (layers <= MOST_LAYERS) return;
  // The most of them are entries of one key.
  const origins = (plan.stages.at(-1)?.steps ?? []).flatMap((step) =>
    step.kind === "copy" || step.kind === "add" ? [step.origin?.slice(0, -1) ?? []] : [],
  );
  const [key] = origins.filter((origin) => origin.length > 0);
  throw new UserError({
    code: "image.layers",
    message: `the image would have ${layers} layers; engines start no image with more than ${MOST_LAYERS}`,
    ...(key !== undefined && { place: atKey(source, ...key) }),
    help: "copy directories instead of files one by one: each entry of copy_files and add_files is a layer",
  });
}

/** How many layers the image of a plan has, with those of its base if the base states them. */
export function countLayers({ stages }: ImagePlan, base: ImageConfig | undefined): number {
  const inBase = (base?.rootfs as { diff_ids?: readonly string[] } | undefined)?.diff_ids?.length ?? 0;
  return (stages.at(-1)?.steps ?? []).reduce((sum, step) => sum + layersOf(step), inBase);
}

function layersOf(step: Step): number {
  switch (step.kind) {
    case "layers":
      return step.stages.length;
    case "run":
    case "copy":
    case "add":
    case "workdir":
    case "unit":
      return 1;
    case "env":
    case "user":
      return 0;
    default:
      return assertNever(step);
  }
}
