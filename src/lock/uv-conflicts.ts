import { normalizeName } from "../config/normalize-name.ts";
import type { LockRequest } from "./lock-request.ts";
import { tablesOf, textOf } from "./raw-table.ts";

/**
 * An extra, a group or a project that may conflict with others, as uv's markers name it in their `extra`: `extra-3-app-gpu`,
 * `group-3-app-dev`, `project-3-app` (uv, `uv-resolver/src/universal_marker.rs`).
 */
export function conflictItem(kind: "extra" | "group" | "project", project: string, part?: string): string {
  return [kind, project.length, project, ...(part === undefined ? [] : [part])].join("-");
}

/** What a request makes active by itself. */
export function askedItems({ extras, groups, onlyGroups }: LockRequest, root: string): readonly string[] {
  const own = [conflictItem("project", root), ...extras.map((extra) => conflictItem("extra", root, extra))];
  return [
    ...(onlyGroups === undefined ? own : []),
    ...(onlyGroups ?? groups).map((group) => conflictItem("group", root, group)),
  ];
}

/** For each set of things that exclude each other, the names of those that are active, if it is more than one. */
export function brokenConflicts(conflicts: unknown, active: ReadonlySet<string>): readonly (readonly string[])[] {
  const sets = Array.isArray(conflicts) ? conflicts : [];
  const broken = sets.map((set) =>
    tablesOf(set).flatMap((item): readonly string[] => {
      const project = normalizeName(textOf(item["package"]) ?? "");
      const [extra, group] = [textOf(item["extra"]), textOf(item["group"])];
      const kind = extra !== undefined ? "extra" : group !== undefined ? "group" : "project";
      const part = extra ?? group;
      const key = conflictItem(kind, project, part === undefined ? undefined : normalizeName(part));
      return active.has(key) ? [part ?? project] : [];
    }),
  );
  return broken.filter((names) => names.length > 1);
}
