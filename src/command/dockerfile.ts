import { emitDockerfile } from "../emit/dockerfile.ts";
import { failOn } from "../lint/check-options.ts";
import type { Planning } from "../plan/plan-image.ts";
import { type LocalRequest, planLocal } from "./plan-local.ts";

/** A Dockerfile, what its `.dockerignore` must leave out, and what the user should know about it. */
export type DockerfileText = Readonly<{ text: string; exclude: readonly string[]; warnings: Planning["warnings"] }>;

/**
 * The image of a project of this machine as a Dockerfile.
 * @throws UserError
 */
export async function dockerfile(request: LocalRequest): Promise<DockerfileText> {
  const { plan, project, warnings, check } = await planLocal(request);
  failOn(warnings, check, false);
  return { text: emitDockerfile(plan, project.source), exclude: plan.exclude, warnings };
}
