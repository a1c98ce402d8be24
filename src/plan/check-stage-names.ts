import { atValue } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { ImagePlan } from "./image-plan.ts";
import { BUILDER } from "./layout.ts";
import type { Report } from "./report.ts";

/** Reports images to copy from that have the name of a stage: a Dockerfile would take the stage, in any case. */
export function checkStageNames({ stages }: ImagePlan, source: SourceText, report: Report): void {
  const names = new Set(stages.map(({ name }) => name.toLowerCase()));
  for (const step of stages.flatMap(({ steps }) => steps)) {
    if (step.kind !== "copy" || step.from.kind !== "image" || !names.has(step.from.reference.toLowerCase())) continue;
    const { reference } = step.from;
    report.problem({
      code: "config.value",
      message: `from is ${JSON.stringify(reference)}, the name of a stage that nothing can be copied from`,
      ...(step.origin !== undefined && { place: atValue(source, ...step.origin, "from") }),
      help: `the stage to copy from is "${BUILDER}"; an image of that name is "docker.io/library/${reference}"; give a named context another name`,
    });
  }
}
