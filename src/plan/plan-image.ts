import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { inProject } from "../facts/project-location.ts";
import { checkBuildArgs } from "./check-build-args.ts";
import { checkLengths } from "./check-lengths.ts";
import { checkStartWords } from "./check-start-words.ts";
import { checkSyntaxLine } from "./check-syntax-line.ts";
import { DISTRIBUTIONS } from "./distribution.ts";
import { planExclude } from "./exclude.ts";
import type { ImagePlan, ImageSettings } from "./image-plan.ts";
import { planPip } from "./pip.ts";
import { planBuilder } from "./plan-builder.ts";
import { type DependencyPlan, planDependencies } from "./plan-dependencies.ts";
import { planEnvironment, type Variables } from "./plan-environment.ts";
import { planFiles } from "./plan-files.ts";
import { planHermetic } from "./plan-hermetic.ts";
import { planIndices } from "./plan-indices.ts";
import { type InstallMode, planInstall } from "./plan-install.ts";
import { planLabels } from "./plan-labels.ts";
import { planLocked } from "./plan-locked.ts";
import { planMirrors } from "./plan-mirrors.ts";
import { planRuntime } from "./plan-runtime.ts";
import { choosePythonVersion } from "./python-version.ts";
import type { Report } from "./report.ts";
import { planUv } from "./uv.ts";

/** All that a plan depends on. */
export type PlanInput = Readonly<{
  project: PyProject;
  target: Target;
  facts: ContextFacts;
  variables: Variables;
}>;

/** A plan, and what the user should know about it. */
export type Planning = Readonly<{
  plan: ImagePlan;
  dependencies: DependencyPlan;
  install: InstallMode;
  warnings: readonly Diagnostic[];
}>;

/**
 * Plans the image of a target.
 * @throws UserError with every problem found.
 */
export function planImage({ project, target, facts, variables }: PlanInput): Planning {
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const report: Report = { problem: (one) => problems.push(one), warn: (one) => warnings.push(one) };

  checkSyntaxLine(project.source, report);
  checkBuildArgs(target, variables, report);
  const python = choosePythonVersion(project, target, facts, report);
  const distribution = DISTRIBUTIONS[target.table.flavor ?? "debian"];
  const install = planInstall(project, target, facts, report);
  const dependencies = planDependencies(project, target, { facts, install, report });
  const environment = planEnvironment(project, target, { variables, report });
  const labels = planLabels(project, target, { variables, report });
  const files = planFiles(project, target, report);
  const indices = planIndices(project, target, report);
  const mirrors = planMirrors(target, variables, report);
  const hermetic = planHermetic(target, variables, report);
  checkStartWords(project, target, report);
  if (problems.length > 0) throw new UserError(problems);

  const { location } = facts;
  const pip = (target.table.installer === "uv" ? planUv : planPip)(indices, inProject(location, location.buildFile));
  const isolated = hermetic || dependencies.kind === "locked";
  const parts = { target, python, distribution, environment, install, isolated };
  const builder = {
    ...parts,
    metadataPath: project.metadata.path,
    buildRequires: install === "package" ? (project.buildRequires ?? []) : [],
    location,
    pip,
    files: files.beforeBuild,
  };
  const runtime = { ...parts, files: files.image, hasSourceLayout: facts.hasSourceLayout === true };
  const plan: ImagePlan = {
    ...(dependencies.kind === "locked"
      ? planLocked({ builder: { ...builder, dependencies, ...named(project) }, runtime, indices, mirrors })
      : { stages: [planBuilder({ ...builder, dependencies }), planRuntime(runtime)] }),
    ...(hermetic && { hermetic }),
    image: { ...planStart(project, target, install), labels },
    exclude: planExclude(project, location),
  };
  checkLengths(plan, project, target, report);
  if (problems.length > 0) throw new UserError(problems);
  return { plan, dependencies, install, warnings };
}

function named({ metadata: { name } }: PyProject): { projectName?: string } {
  return name ? { projectName: name } : {};
}

/** The project's only script starts the container, unless the target says what does. */
function planStart({ metadata }: PyProject, { table }: Target, install: InstallMode): Omit<ImageSettings, "labels"> {
  const { entrypoint, command } = table;
  const [script, ...others] = metadata.scripts;
  if (entrypoint === undefined && command === undefined) {
    return install === "package" && script !== undefined && others.length === 0 ? { entrypoint: [script] } : {};
  }
  return { ...(entrypoint === undefined ? {} : { entrypoint }), ...(command === undefined ? {} : { command }) };
}
