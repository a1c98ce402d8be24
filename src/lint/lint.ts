import { withNamedTable } from "../config/named-table.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { checkImages } from "./check-images.ts";
import { checkIndices } from "./check-indices.ts";
import { checkLibraries } from "./check-libraries.ts";
import { type CheckOptions, selectFindings } from "./check-options.ts";
import { checkProgram } from "./check-program.ts";
import { checkRequirements } from "./check-requirements.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkStart } from "./check-start.ts";
import { ruleOf } from "./rule.ts";

/** Looks at a plan that works for what could be better. */
export type Check = (planned: ProjectPlan) => readonly Diagnostic[];

const CHECKS: readonly Check[] = [
  checkImages,
  checkIndices,
  checkLibraries,
  checkProgram,
  checkRequirements,
  checkSecrets,
  checkStart,
];

/** All that can be said about a project besides errors: what planning has found, then what else could be better. */
export function lint(planned: ProjectPlan): readonly Diagnostic[] {
  const inTable = withNamedTable(planned.project, planned.target);
  return [...planned.warnings, ...CHECKS.flatMap((check) => check(planned)).map(inTable)];
}

/** What a build shows of that, and of what it has found besides. */
export function buildFindings(
  planned: ProjectPlan,
  more: readonly Diagnostic[],
  options: CheckOptions,
): readonly Diagnostic[] {
  const found = [...lint(planned), ...more].filter((finding) => ruleOf(finding).inBuild);
  return selectFindings(found, options);
}
