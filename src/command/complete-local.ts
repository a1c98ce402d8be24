import { selectPackages } from "../lock/select-packages.ts";
import type { TargetEnvironment } from "../lock/target-environment.ts";
import type { Platform } from "../oci/platform.ts";
import { assumedEnvironment } from "../plan/assumed-environment.ts";
import { checkComplete } from "../plan/check-complete.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { lowerPlan } from "../units/lower-plan.ts";

/**
 * A plan with the dependencies of its lock, for what its base image is most likely like if nobody says: no registry is
 * asked.
 * @throws UserError
 */
export function completeLocal(
  planned: ProjectPlan,
  environmentOf: (base: string) => TargetEnvironment = assumed,
): ProjectPlan {
  const plan = completed(planned.plan, environmentOf);
  checkComplete(plan, planned.project.source, undefined);
  return { ...planned, plan };
}

/** What is built for: nothing else is known of the machine that will. */
export const PLATFORM: Platform = { os: "linux", architecture: "amd64" };

function assumed(base: string): TargetEnvironment {
  return assumedEnvironment(base, PLATFORM);
}

function completed(plan: ImagePlan, environmentOf: (base: string) => TargetEnvironment): ImagePlan {
  const { locked } = plan;
  if (locked === undefined) return plan;
  const environment = environmentOf(locked.base);
  const packages = selectPackages(locked.lock, environment);
  return lowerPlan(plan, { packages, environment, runsOnBuildPlatform: true });
}
