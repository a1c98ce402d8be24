import type { PyProject } from "../config/py-project.ts";
import { readSetupFiles } from "../config/setup-files.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { isDeclaredPackage } from "../facts/may-be-source.ts";
import type { Report } from "./report.ts";

/** Whether the project is built and installed as a package, or its files are copied as they are. */
export type InstallMode = "package" | "source";

/** The value of `install`, else "package" if the project can be built, else "source" with a warning that says why. */
export function planInstall(project: PyProject, target: Target, facts: ContextFacts, report: Report): InstallMode {
  const { install } = target.table;
  if (install !== undefined) return install;
  const { source } = project;
  const entry = notAPackage(project, facts);
  if (entry === undefined && (isDeclaredPackage(project) || hasSetup(project, facts))) return "package";
  const [message, place, remedy] =
    entry === undefined
      ? ["there is no [build-system]", atKey(source, "project"), "add a [build-system] table"]
      : [
          `${entry.path.join(".")} is ${entry.value}`,
          atValue(source, ...entry.path),
          'set install = "package" to build it',
        ];
  const { scripts } = project.metadata;
  const lost = scripts.length === 0 ? "" : `, so the image has no ${scripts.join(", ")}`;
  report.warn({
    code: "project.install",
    message: `${message}: the project is copied as source, not installed as a package${lost}`,
    place,
    // Of a project without scripts, an application is more likely than a package.
    help:
      entry === undefined && scripts.length === 0
        ? `set install = "source" if that is meant; for a package ${remedy}`
        : `${remedy}, or set install = "source" to copy it without this warning`,
  });
  return "source";
}

/** Whether setup.cfg or setup.py make the project a package. Without other metadata, they must have some. */
export function hasSetup({ metadata }: PyProject, { setupFiles }: ContextFacts): boolean {
  if (metadata.dynamic.includes("name")) return readSetupFiles(setupFiles) !== undefined;
  return setupFiles.length > 0;
}

/** The entry that says that the project is no package, and its value for people. */
function notAPackage(
  { notAPackage: path }: PyProject,
  { hasNoModule }: ContextFacts,
): Readonly<{ path: readonly string[]; value: string }> | undefined {
  if (path !== undefined) return { path, value: "false" };
  return hasNoModule ? { path: ["tool", "poetry", "packages"], value: "empty" } : undefined;
}
