import { atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { formatPlatform, normalizePlatform, type Platform } from "../oci/platform.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { BaseImages } from "./base-images.ts";

/** For which platform stages are emitted, and on what. */
export type StageBases = Readonly<{ bases: BaseImages; platform: Platform; source: SourceText }>;

/**
 * Warns of bases whose own configuration names another platform: a registry that has an image for one platform only
 * gives it to whoever asks, and the result would say that it is for the platform asked for
 * (BuildKit `dockerfile2llb/validations.go`, `validateBaseImagePlatform`).
 */
export function checkBasePlatforms(
  { stages }: ImagePlan,
  { bases, platform, source }: StageBases,
): readonly Diagnostic[] {
  const origins = new Map(stages.map(({ base, origin }) => [base, origin]));
  return [...origins].flatMap(([name, origin]): readonly Diagnostic[] => {
    const { os, architecture, variant } = bases.get(name)?.config ?? {};
    // An image made by hand may not say it.
    if (!os || !architecture) return [];
    const actual = normalizePlatform({ os, architecture, ...(variant && { variant }) });
    if (actual.os === platform.os && actual.architecture === platform.architecture) return [];
    return [
      {
        code: "base.platform",
        message: `the image ${name} is for ${formatPlatform(actual)}, not for ${formatPlatform(platform)}`,
        ...(origin !== undefined && { place: atValue(source, ...origin) }),
        help: "use a base image for this platform, or build for the platform of the base image (--platform)",
      },
    ];
  });
}
