import { INSTALL_ENV, installArgs } from "../install/install-command.ts";
import { INSTALL_SCRIPT } from "../install/scripts.generated.ts";
import { ENVIRONMENT, INTERPRETER, USER_ID } from "../plan/layout.ts";
import { type Slimming, slimming } from "../plan/slim.ts";
import { UNIT_OUT, type UnitInput, type UnitStep } from "../plan/step.ts";
import { sh } from "../util/sh.ts";
import { SET_TIMES } from "./set-times.ts";

const SCRIPT = "/run/microb/install.py";

/**
 * Installs wheels and nothing else: the targets of the inputs are what is given to the installer. Neither the name of
 * the project nor its settings are in it, so that any build that needs the same files finds it done.
 */
export function installUnit(title: string, wheels: readonly UnitInput[], slim: readonly Slimming[]): UnitStep {
  const args = installArgs({
    python: INTERPRETER,
    script: SCRIPT,
    out: UNIT_OUT,
    prefix: ENVIRONMENT,
    homeOwner: `${USER_ID}:${USER_ID}`,
    wheels: wheels.map(({ target }) => target),
  });
  const removals = slim.map((kind) => slimming(kind, UNIT_OUT));
  return {
    kind: "unit",
    title,
    args: removals.length === 0 ? args : ["/bin/sh", "-c", [sh`${args}`, ...removals, SET_TIMES].join(" && ")],
    env: INSTALL_ENV,
    inputs: [{ kind: "text", name: "install.py", text: INSTALL_SCRIPT, target: SCRIPT }, ...wheels],
  };
}
