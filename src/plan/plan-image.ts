import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { inProject } from "../facts/project-location.ts";
import type { LockRequest } from "../lock/lock-request.ts";
import type { Platform } from "../oci/platform.ts";
import { checkBuildArgs } from "./check-build-args.ts";
import { checkContext } from "./check-context.ts";
import { checkLengths } from "./check-lengths.ts";
import { checkStageNames } from "./check-stage-names.ts";
import { checkStartWords } from "./check-start-words.ts";
import { checkSyntaxLine } from "./check-syntax-line.ts";
import { checkToml } from "./check-toml.ts";
import { DISTRIBUTIONS, type Distribution } from "./distribution.ts";
import { planExclude, readsHistory } from "./exclude.ts";
import type { ImagePlan, ImageSettings } from "./image-plan.ts";
import { planPip } from "./pip.ts";
import { hidesBuildFile, planBuilder } from "./plan-builder.ts";
import { type DependencyPlan, planDependencies } from "./plan-dependencies.ts";
import { planEnvironment, type Variables } from "./plan-environment.ts";
import { planFiles } from "./plan-files.ts";
import { planHermetic } from "./plan-hermetic.ts";
import { planIndices } from "./plan-indices.ts";
import { type InstallMode, planInstall } from "./plan-install.ts";
import { planLabels } from "./plan-labels.ts";
import { lockRequest, planLocked } from "./plan-locked.ts";
import { planMirrors } from "./plan-mirrors.ts";
import { planRuntime } from "./plan-runtime.ts";
import type { CountBuilds } from "./python-choice.ts";
import { askedPython, choosePythonVersion } from "./python-version.ts";
import type { Report } from "./report.ts";
import { secretFiles, withoutSecrets } from "./secret-files.ts";
import { lockedAmount } from "./source-builds.ts";
import { planUv } from "./uv.ts";

/** All that a plan depends on. */
export type PlanInput = Readonly<{
  project: PyProject;
  target: Target;
  facts: ContextFacts;
  /** What the image is built for. */
  platforms: readonly Platform[];
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
export function planImage({ project, target, facts, platforms, variables }: PlanInput): Planning {
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const report: Report = { problem: (one) => problems.push(one), warn: (one) => warnings.push(one) };

  checkSyntaxLine(project.source, report);
  checkBuildArgs(target, variables, report);
  const asked = askedPython(project, target, facts, report);
  const distribution = DISTRIBUTIONS[target.table.flavor ?? "debian"];
  const install = planInstall(project, target, facts, report);
  const dependencies = planDependencies(project, target, { facts, install, report });
  const environment = planEnvironment(project, target, { variables, report });
  const labels = planLabels(project, target, { variables, report });
  const secrets = secretFiles(project, facts);
  const files = withoutSecrets(planFiles(project, target, report), secrets, {
    project,
    report,
    copied: install === "source" ? facts.location.directory : undefined,
  });
  const indices = planIndices(project, target, report);
  const mirrors = planMirrors(target, variables, report);
  const hermetic = planHermetic(target, variables, report);
  const { location } = facts;
  const request =
    dependencies.kind === "locked"
      ? lockRequest({ project, target, lock: dependencies.lock, location, mirrors, indices })
      : undefined;
  // Counting is needed only if microb chooses the version, and nothing is wrong so far.
  const count =
    asked === undefined && request !== undefined && problems.length === 0
      ? countBuilds(request, distribution, platforms)
      : undefined;
  const python = choosePythonVersion(project, asked, report, count);
  checkToml(project, target, { python, install, report });
  checkStartWords(project, target, report);
  if (problems.length > 0) throw new UserError(problems);

  const pip = (target.table.installer === "uv" ? planUv : planPip)(indices, inProject(location, location.buildFile));
  const isolated = hermetic || dependencies.kind === "locked";
  const parts = { target, python, distribution, environment, install, isolated };
  const builder = {
    ...parts,
    metadataPath: project.metadata.path,
    buildRequires: install === "package" ? (project.buildRequires ?? []) : [],
    readsHistory: readsHistory(project, facts, install),
    location,
    pip,
    secrets: secrets.map(({ path }) => path),
    files: files.beforeBuild,
  };
  const runtime = { ...parts, files: files.image, hasSourceLayout: facts.hasSourceLayout === true };
  const planned =
    request !== undefined && dependencies.kind === "locked"
      ? planLocked({ builder: { ...builder, dependencies }, runtime, request, indices, mirrors })
      : { stages: [planBuilder({ ...builder, dependencies }), planRuntime(runtime)] };
  const exclude = planExclude({ project, facts, install, stages: planned.stages });
  const plan: ImagePlan = {
    ...planned,
    ...(hermetic && { hermetic }),
    ...(python.reason !== undefined && { pythonReason: python.reason }),
    image: { ...planStart(project, target, install), labels },
    exclude,
  };
  const hasOwnBuildFile = hidesBuildFile(builder);
  checkContext({ project, target, facts, install, dependencies, exclude, hasOwnBuildFile, report });
  checkLengths(plan, project, target, report);
  checkStageNames(plan, project.source, report);
  if (problems.length > 0) throw new UserError(problems);
  return { plan, dependencies, install, warnings };
}

function countBuilds(request: LockRequest, distribution: Distribution, platforms: readonly Platform[]): CountBuilds {
  return (tag) => lockedAmount(request, distribution.runtimeBase(tag), platforms);
}

/** The project's only script starts the container, unless the target has `entrypoint` or `command`. */
function planStart({ metadata }: PyProject, { table }: Target, install: InstallMode): Omit<ImageSettings, "labels"> {
  const { entrypoint, command } = table;
  const [script, ...others] = metadata.scripts;
  if (entrypoint === undefined && command === undefined) {
    return install === "package" && script !== undefined && others.length === 0 ? { entrypoint: [script] } : {};
  }
  return { ...(entrypoint === undefined ? {} : { entrypoint }), ...(command === undefined ? {} : { command }) };
}
