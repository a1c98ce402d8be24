import { atKey, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import { packageName } from "../facts/start-files.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { startCandidates } from "./start-candidates.ts";

const COMPILER = /^(?:build-essential|build-base|gcc|g\+\+|clang|make|cmake|cargo|rustc|.+-dev)(?:[:=/@<>~].*)?$/;

/** Images that start nothing, or carry what only a build needs. */
export function checkStart(planned: ProjectPlan): readonly Diagnostic[] {
  const { project, target, plan, install } = planned;
  const { source, metadata } = project;
  const { entrypoint, command } = plan.image;
  const packages = (target.table.system_deps ?? []).flatMap((name, index): readonly Diagnostic[] =>
    COMPILER.test(name)
      ? [
          {
            code: "packages.compiler",
            message: `${name} is needed only to build, not in the image`,
            place: atValue(source, ...target.path, "system_deps", index),
            help: "move it to build_deps, and name the library without -dev here",
          },
        ]
      : [],
  );
  if (entrypoint !== undefined || command !== undefined) return packages;
  const scripts = metadata.scripts.length;
  const candidates = startCandidates(planned).slice(0, MOST_NAMED);
  const isChoice = install === "package" && scripts > 1;
  return [
    {
      code: "start.missing",
      message: isChoice
        ? `nothing says which of the project's ${scripts} scripts a container starts: it starts Python and exits`
        : "there is no entrypoint and no command: a container starts Python and exits",
      place: atKey(source, ...(target.table.api_version === undefined && scripts === 0 ? metadata.path : target.path)),
      help: remedy(planned, candidates),
    },
    ...packages,
  ];
}

function remedy({ project, install }: ProjectPlan, candidates: readonly (readonly string[])[]): string {
  if (candidates.length > 0) return `set ${candidates.map(entrypointText).join(", or ")}`;
  const example = install === "package" ? ["python", "-m", packageName(project) || "app"] : ["python", "FILE.py"];
  const set = `set entrypoint or command, for example ${entrypointText(example)}`;
  if (!project.isWorkspaceRoot) return set;
  return `to build a member of the workspace, name its build file: -f DIRECTORY/pyproject.toml; for an image of the root, ${set}`;
}

/** More of them would not be read. */
const MOST_NAMED = 4;

function entrypointText(words: readonly string[]): string {
  return `entrypoint = [${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
