import { atKey, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";

const COMPILER = /^(?:build-essential|build-base|gcc|g\+\+|clang|make|cmake|cargo|rustc|.+-dev)(?:[:=/@<>~].*)?$/;

/** Images that start nothing, or carry what only a build needs. */
export function checkStart({ project: { source, metadata }, target, plan }: ProjectPlan): readonly Diagnostic[] {
  const { entrypoint, command } = plan.image;
  const packages = (target.table.system_deps ?? []).flatMap((name, index): readonly Diagnostic[] =>
    COMPILER.test(name)
      ? [
          {
            code: "packages.compiler",
            message: `${name} is needed only to build: the image does not need it`,
            place: atValue(source, ...target.path, "system_deps", index),
            help: "move it to build_deps, and name the library without -dev here",
          },
        ]
      : [],
  );
  if (entrypoint !== undefined || command !== undefined) return packages;
  const scripts = metadata.scripts.length;
  return [
    {
      code: "start.missing",
      message: `the image starts the Python of its base: ${scripts === 0 ? "the project has no script" : `the project has ${scripts} scripts`}`,
      place: atKey(source, ...(target.table.api_version === undefined && scripts === 0 ? metadata.path : target.path)),
      help: "set entrypoint or command",
    },
    ...packages,
  ];
}
