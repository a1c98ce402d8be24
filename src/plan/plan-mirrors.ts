import type { Target } from "../config/target.ts";
import { ownArgument } from "./build-args.ts";
import type { Mirror } from "./locked-install.ts";
import type { Variables } from "./plan-environment.ts";
import type { Report } from "./report.ts";

/** The build argument that says the same as `index_mirrors`: `FROM=TO`, several with commas between them. */
export const MIRRORS_ARGUMENT = "MICROB_INDEX_MIRRORS";

/** The `index_mirrors` of a target and those of the build, which come first. */
export function planMirrors({ table }: Target, variables: Variables, report: Report): readonly Mirror[] {
  const given = (ownArgument(variables, MIRRORS_ARGUMENT) ?? "").split(",").map((text) => text.trim());
  const own = given
    .filter((text) => text !== "")
    .flatMap((text): readonly Mirror[] => {
      const [, from, to] = /^(https?:\/\/[^=@\s]+)=(https?:\/\/[^=@\s]+)$/.exec(text) ?? [];
      if (from !== undefined && to !== undefined) return [[from, to]];
      report.problem({
        code: "option.invalid",
        message: `the build argument ${MIRRORS_ARGUMENT} has an entry that is not FROM=TO, two URL prefixes without credentials`,
        help: `write ${MIRRORS_ARGUMENT}=https://files.pythonhosted.org/=https://mirror.example.org/files/`,
      });
      return [];
    });
  const taken = new Set(own.map(([from]) => from));
  return [...own, ...Object.entries(table.index_mirrors ?? {}).filter(([from]) => !taken.has(from))];
}
