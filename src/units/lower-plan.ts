import type { LockedPackage } from "../lock/locked-package.ts";
import { formatEnvironment, type TargetEnvironment } from "../lock/target-environment.ts";
import type { ImagePlan, Stage } from "../plan/image-plan.ts";
import { type LockedInstall, PROJECT_WHEEL } from "../plan/locked-install.ts";
import type { LayersStep, UnitInput, UnitStep } from "../plan/step.ts";
import { usedStages } from "../plan/used-stages.ts";
import { checkUnit } from "./check-unit.ts";
import { fetchStage, fetchStageName, indexOf } from "./fetch-stage.ts";
import { installUnit } from "./install-unit.ts";
import { type LayerGroup, planLayers } from "./layer-plan.ts";
import { mirrorUrl } from "./mirror-url.ts";
import { skeletonUnit } from "./skeleton-unit.ts";
import { sourceStage, sourceStageName } from "./source-stage.ts";
import { unitName, unitTitle } from "./unit-name.ts";

/** What completes a plan whose dependencies come from a lock. */
export type Selection = Readonly<{
  /** All that is installed besides the project. */
  packages: readonly LockedPackage[];
  /** What they were chosen for. */
  environment: TargetEnvironment;
  /** Whether the machine that builds has this interpreter for its own platform: nothing is emulated then. */
  runsOnBuildPlatform: boolean;
}>;

/**
 * Adds the dependencies: a stage for each layer, one that compares them, one that makes the environment, and a step that lays
 * all of these over the image. The same packages give the same stages, whatever the project.
 */
export function lowerPlan({ locked, ...plan }: ImagePlan, selection: Selection): ImagePlan {
  const last = plan.stages.at(-1);
  if (locked === undefined || last === undefined) return plan;
  const { packages, environment, runsOnBuildPlatform } = selection;
  const platform = runsOnBuildPlatform ? ({ platform: "build" } as const) : {};
  const unit = (name: string, step: UnitStep): Stage => ({
    name,
    base: locked.base,
    ...platform,
    steps: [{ ...step, origin: locked.origin }],
    origin: locked.origin,
  });
  const groups = planLayers(packages);
  const names = groups.map(unitName);
  const check = names.length > 1 ? unit(CHECK, checkUnit(names)) : undefined;
  const checked: readonly UnitInput[] =
    check === undefined ? [] : [{ kind: "tree", stage: CHECK, target: "/checked", key: "content" }];
  const layers: LayersStep = {
    kind: "layers",
    title: `${locked.title} for ${formatEnvironment(environment)}`,
    stages: [ENVIRONMENT_STAGE, ...names, ...(locked.project === undefined ? [] : [PROJECT_UNIT])],
    origin: locked.origin,
  };
  const stages: readonly (Stage | undefined)[] = [
    ...plan.stages
      .slice(0, -1)
      .map((stage) => (locked.besides.includes(stage.name) ? { ...stage, ...platform } : stage)),
    ...packages.flatMap((one) => ownStage(one, locked, platform)),
    ...groups.map((group) => unit(unitName(group), groupUnit(group, locked))),
    check,
    unit(ENVIRONMENT_STAGE, skeletonUnit(environment.pythonVersion, checked)),
    locked.project === undefined ? undefined : unit(PROJECT_UNIT, projectUnit(locked.project, locked)),
    { ...last, steps: [...last.steps.slice(0, locked.at), layers, ...last.steps.slice(locked.at)] },
  ];
  const complete = { ...plan, stages: stages.filter((stage) => stage !== undefined) };
  return { ...complete, stages: usedStages(complete) };
}

/** The unit that compares the trees of the others. */
const CHECK = "conflicts";

/** The unit that makes the environment without anything in it. */
const ENVIRONMENT_STAGE = "environment";

/** The unit that installs the project. */
const PROJECT_UNIT = "package";

function groupUnit(group: LayerGroup, locked: LockedInstall): UnitStep {
  const packages = group.kind === "own" ? [group.package] : group.packages;
  return installUnit(
    unitTitle(packages),
    packages.map((one) => wheelInput(one, locked)),
    locked.slim,
  );
}

function projectUnit(stage: string, { slim }: LockedInstall): UnitStep {
  return installUnit(
    "install the project",
    [{ kind: "stage", stage, source: PROJECT_WHEEL, target: `${WHEELS}/project`, key: "steps" }],
    slim,
  );
}

const WHEELS = "/wheels";

function wheelInput(one: LockedPackage, locked: LockedInstall): UnitInput {
  const { source, name } = one;
  if (source.kind !== "wheel") {
    const target = `${WHEELS}/${name}`;
    return { kind: "stage", stage: sourceStageName(one), source: PROJECT_WHEEL, target, key: "content" };
  }
  const target = `${WHEELS}/${source.filename}`;
  const url = mirrorUrl(source.url, locked.mirrors);
  if (indexOf(url, locked.indices) !== undefined) {
    return { kind: "stage", stage: fetchStageName(one), source: target, target, key: "steps" };
  }
  return { kind: "download", url, checksum: `sha256:${source.sha256}`, target };
}

/** The stage that a package needs besides its unit, if any. */
function ownStage(one: LockedPackage, locked: LockedInstall, platform: Pick<Stage, "platform">): readonly Stage[] {
  const { source } = one;
  if (source.kind !== "wheel") return [sourceStage(one, source, locked)];
  const url = mirrorUrl(source.url, locked.mirrors);
  const index = indexOf(url, locked.indices);
  if (index === undefined) return [];
  const target = `${WHEELS}/${source.filename}`;
  return [{ ...fetchStage(one, { url, sha256: source.sha256, target, index }, locked), ...platform }];
}
