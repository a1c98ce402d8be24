import { checkArgs, INSTALL_ENV } from "../install/install-command.ts";
import { CHECK_SCRIPT } from "../install/scripts.generated.ts";
import { ENVIRONMENT, INTERPRETER } from "../plan/layout.ts";
import type { UnitInput, UnitStep } from "../plan/step.ts";

const SCRIPT = "/run/microb/check_conflicts.py";

/** Fails if two of the trees bring different bytes for one path. What it makes is empty. */
export function checkUnit(stages: readonly string[]): UnitStep {
  const trees = stages.map((stage): UnitInput => ({ kind: "tree", stage, target: `/trees/${stage}`, key: "steps" }));
  const args = checkArgs({
    python: INTERPRETER,
    script: SCRIPT,
    prefix: ENVIRONMENT,
    trees: trees.map(({ target }) => target),
  });
  return {
    kind: "unit",
    title: "check that no two packages have different files at one path",
    args,
    env: INSTALL_ENV,
    inputs: [{ kind: "text", name: "check_conflicts.py", text: CHECK_SCRIPT, target: SCRIPT }, ...trees],
  };
}
