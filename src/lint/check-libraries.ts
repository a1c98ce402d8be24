import { normalizeName } from "../config/normalize-name.ts";
import { atKey, type Diagnostic } from "../diagnostic/diagnostic.ts";
import { NATIVE_PACKAGES, SHARED_LIBRARIES } from "../install/native-packages.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { requiredNames } from "./required-names.ts";

/** Projects that are always built from source, and whose shared library the small base of the image does not have. */
export function checkLibraries(planned: ProjectPlan): readonly Diagnostic[] {
  const { project, target } = planned;
  const { flavor = "debian", system_deps = [] } = target.table;
  const required = requiredNames(planned);
  const installed = system_deps.map((name) => name.replace(/[:=/@<>~].*$/, ""));
  return NATIVE_PACKAGES.flatMap(({ projects = "", library = "", build }): readonly Diagnostic[] => {
    const name = projects.split(" ").find((one) => required.has(normalizeName(one)));
    const wanted = SHARED_LIBRARIES[library]?.[flavor];
    // What is there to build with it brings it along.
    if (name === undefined || wanted === undefined) return [];
    if ([wanted, ...build[flavor].split(" ")].some((one) => one.startsWith("lib") && installed.includes(one)))
      return [];
    const key = system_deps.length > 0 ? [...target.path, "system_deps"] : project.metadata.path;
    return [
      {
        code: "packages.library",
        message: `${name} is built from source and needs ${library}, which the base image does not have`,
        place: atKey(project.source, ...key),
        help: `system_deps = ${JSON.stringify([wanted])}`,
      },
    ];
  });
}
