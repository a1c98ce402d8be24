import type { PyProject } from "../config/py-project.ts";
import { DEFAULT_TARGET } from "../config/target.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import type { Answer } from "./answer.ts";
import { SUBREQUESTS } from "./describe.ts";
import { type Locator, toLocation } from "./locator.ts";
import { textTable } from "./text-table.ts";

/** The names of what can be built; a project without targets has the default one. */
export function targetNames({ targets }: PyProject): readonly string[] {
  return targets.size === 0 ? [DEFAULT_TARGET] : [...targets.keys()];
}

/**
 * Lists the targets with what stands above their tables (BuildKit `frontend/subrequests/targets`). A target that cannot
 * be planned has no base.
 */
export function listTargets(project: PyProject, plans: ReadonlyMap<string, ProjectPlan>, locate: Locator): Answer {
  const names = targetNames(project);
  const targets = names.map((name) => {
    const path = ["tool", "microb", "target", name];
    const origin = locate(path);
    const line = project.targets.size === 0 ? undefined : origin?.ranges[0]?.start.line;
    const description = commentAbove(project.source.text, line) || project.metadata.description || "";
    const base = plans.get(name)?.plan.stages.at(-1)?.base;
    const location = toLocation(origin);
    return {
      name,
      ...((name === DEFAULT_TARGET || names.length === 1) && { default: true }),
      ...(description !== "" && { description }),
      ...(base !== undefined && { base }),
      ...(location !== undefined && { location }),
    };
  });
  const rows = targets.map(({ name, default: isDefault, description = "" }) => [
    isDefault ? `${name} (default)` : name,
    description,
  ]);
  return {
    json: { targets, sources: [Buffer.from(project.source.text).toString("base64")] },
    text: textTable([["TARGET", "DESCRIPTION"], ...rows]),
    version: SUBREQUESTS.targets.version,
  };
}

/** The comment directly above a line, as one line of text. */
function commentAbove(text: string, line: number | undefined): string {
  if (line === undefined) return "";
  const above = text.split(/\r?\n/).slice(0, line - 1);
  const start = above.findLastIndex((one) => !/^\s*#/.test(one)) + 1;
  return above
    .slice(start)
    .map((one) => one.replace(/^\s*#+\s*/, "").trim())
    .join(" ")
    .trim();
}
