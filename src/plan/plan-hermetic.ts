import type { Target } from "../config/target.ts";
import { ownArgument } from "./build-args.ts";
import type { Variables } from "./plan-environment.ts";
import type { Report } from "./report.ts";

/** The build argument that says the same as `hermetic`. */
export const HERMETIC_ARGUMENT = "MICROB_HERMETIC";

/** Whether the target or the build demands that no step needs the network. Neither can cancel the demand of the other. */
export function planHermetic({ table }: Target, variables: Variables, report: Report): boolean {
  const given = ownArgument(variables, HERMETIC_ARGUMENT) ?? "";
  if (!/^(?:1|true|0|false|)$/i.test(given)) {
    report.problem({
      code: "option.invalid",
      message: `the build argument ${HERMETIC_ARGUMENT} is neither 1 nor 0`,
      help: `write ${HERMETIC_ARGUMENT}=1`,
    });
  }
  return table.hermetic === true || /^(?:1|true)$/i.test(given);
}
