import { atKey, type TomlPath } from "../diagnostic/diagnostic.ts";
import { suggestion } from "../diagnostic/suggest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { PyProject } from "./py-project.ts";
import type { TargetTable } from "./schema.ts";

/** One image that a project can be built into: its table, and the way to it for messages. */
export type Target = Readonly<{ name: string; path: TomlPath; table: TargetTable }>;

/** The target that is built when none is asked for. */
export const DEFAULT_TARGET = "default";

/**
 * Chooses a target: the one that is asked for (its case is ignored, as Docker does for stages), else the one called
 * `default`, else the only one. A project without targets has a `default` one with nothing set.
 * @throws UserError that lists the targets when there is no such one, or none of several was chosen.
 */
export function selectTarget(project: PyProject, name = ""): Target {
  const { targets, source } = project;
  const path = ["tool", "microb", "target"];
  const names = [...targets.keys()];
  const wanted = name === "" ? (targets.size === 1 ? (names[0] ?? DEFAULT_TARGET) : DEFAULT_TARGET) : name;
  const found = targets.has(wanted) ? wanted : names.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return { name: found, path: [...path, found], table: targets.get(found) ?? {} };
  if (targets.size === 0 && wanted.toLowerCase() === DEFAULT_TARGET) {
    return { name: DEFAULT_TARGET, path: [...path, DEFAULT_TARGET], table: {} };
  }
  throw new UserError({
    code: "target.unknown",
    message:
      name === ""
        ? `there are ${targets.size} targets and none is called "${DEFAULT_TARGET}": choose one with --target`
        : `there is no target "${name}"`,
    place: atKey(source, ...path),
    help:
      targets.size === 0
        ? "add a table [tool.microb.target.NAME], or build without --target"
        : suggestion(wanted, names, "targets"),
  });
}
