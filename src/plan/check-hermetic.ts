import { atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { assertNever } from "../util/assert-never.ts";
import type { ImagePlan } from "./image-plan.ts";
import type { Step } from "./step.ts";
import { usedStages } from "./used-stages.ts";

/**
 * Refuses a plan that is to be hermetic and has a step that needs the network for anything but a file whose checksum is
 * known. Stages that the image takes nothing from do not count: they are not built.
 * @throws UserError that names every such step.
 */
export function checkHermetic(plan: ImagePlan, source: SourceText): void {
  if (plan.hermetic !== true) return;
  const problems = usedStages(plan).flatMap(({ steps }) => steps.flatMap((step) => offence(step, source)));
  if (problems.length > 0) throw new UserError(problems);
}

function offence(step: Step, source: SourceText): readonly Diagnostic[] {
  const problem = (what: string, origin: TomlPath | undefined, help: string): readonly Diagnostic[] => [
    {
      code: "hermetic.network",
      message: `the build must be hermetic, but ${what}`,
      ...(origin !== undefined && { place: atValue(source, ...origin) }),
      help,
    },
  ];
  switch (step.kind) {
    case "run":
      if (step.network === "none") return [];
      return problem(`the step "${step.title}" needs the network`, step.origin, remedy(step.title));
    case "add":
      if (step.source.kind !== "download" || step.checksum !== undefined) return [];
      return problem(`the download of "${step.title}" has no checksum`, step.origin, 'add its checksum = "sha256:…"');
    case "copy":
    case "env":
    case "workdir":
    case "user":
    case "unit":
    case "layers":
      return [];
    default:
      return assertNever(step);
  }
}

function remedy(title: string): string {
  if (/^install (?:project\.dependencies|requirements)/.test(title))
    return "use a lock: uv.lock, pylock.toml or pdm.lock";
  if (/^(?:build|install) the project/.test(title)) return 'set install = "source", or build without hermetic';
  return "remove the key that this step is for, or build without hermetic";
}
