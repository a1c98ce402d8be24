import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { checkHermetic } from "./check-hermetic.ts";
import { checkLayers } from "./check-layers.ts";
import { checkStageNames } from "./check-stage-names.ts";
import type { ImagePlan } from "./image-plan.ts";

/**
 * Checks a plan that has all its steps, for both readings. The layers of the base are counted if its configuration is
 * known.
 * @throws UserError
 */
export function checkComplete(plan: ImagePlan, source: SourceText, base: ImageConfig | undefined): void {
  const problems: Diagnostic[] = [];
  checkStageNames(plan, source, { problem: (one) => problems.push(one), warn: () => {} });
  if (problems.length > 0) throw new UserError(problems);
  checkHermetic(plan, source);
  checkLayers(plan, source, base);
}
