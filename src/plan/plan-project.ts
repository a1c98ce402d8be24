import { withNamedTable } from "../config/named-table.ts";
import { type PyProject, parseProject } from "../config/py-project.ts";
import { selectTarget, type Target } from "../config/target.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { type ContextFacts, collectFacts } from "../facts/collect-facts.ts";
import { completeProject } from "../facts/complete-project.ts";
import type { ContextReader } from "../facts/context-reader.ts";
import type { IgnoreFile } from "../facts/ignore-file.ts";
import type { ProjectLocation } from "../facts/project-location.ts";
import type { Platform } from "../oci/platform.ts";
import type { Variables } from "./plan-environment.ts";
import { type Planning, planImage } from "./plan-image.ts";

/** A build file, where it is, and what is asked of it. */
export type PlanRequest = Readonly<{
  source: SourceText;
  location: ProjectLocation;
  /** The ignore file; without one nothing is left out of the context. */
  ignore?: IgnoreFile | undefined;
  /** Whether the build file is not among the files of the context, and stands in for one there. */
  isFromElsewhere?: boolean;
  /** The name of the target; empty for the default one. */
  target: string;
  /** What the image is built for. */
  platforms: readonly Platform[];
  variables: Variables;
}>;

/** A plan with the project and the target that it is for. */
export type ProjectPlan = Planning & Readonly<{ project: PyProject; target: Target; facts: ContextFacts }>;

/**
 * From the text of a build file to the plan of an image.
 * @throws UserError
 */
export async function planProject(reader: ContextReader, request: PlanRequest): Promise<ProjectPlan> {
  const { platforms, variables } = request;
  const written = parseProject(request.source);
  const target = selectTarget(written, request.target);
  const inTable = withNamedTable(written, target);
  try {
    const facts = await collectFacts(reader, { ...request, project: written, target });
    const project = completeProject(written, facts);
    const planning = planImage({ project, target, facts, platforms, variables });
    return { project, target, facts, ...planning, warnings: planning.warnings.map(inTable) };
  } catch (error) {
    throw error instanceof UserError ? new UserError(error.diagnostics.map(inTable)).causedBy(error.cause) : error;
  }
}
