import type { ImagePlan, Stage } from "./image-plan.ts";
import type { Step } from "./step.ts";

/** The last stage and those that it takes something from, in order: the others are never built. */
export function usedStages({ stages, locked }: ImagePlan): readonly Stage[] {
  const used = new Set([...stages.slice(-1).map(({ name }) => name), locked?.project]);
  for (const stage of [...stages].reverse()) {
    if (used.has(stage.name)) for (const name of [stage.base, ...stage.steps.flatMap(readBy)]) used.add(name);
  }
  return stages.filter(({ name }) => used.has(name));
}

function readBy(step: Step): readonly string[] {
  switch (step.kind) {
    case "copy":
      return step.from.kind === "stage" ? [step.from.name] : [];
    case "unit":
      return step.inputs.flatMap((input) => ("stage" in input ? [input.stage] : []));
    case "layers":
      return step.stages;
    default:
      return [];
  }
}
