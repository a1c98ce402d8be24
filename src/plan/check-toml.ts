import type { PyProject } from "../config/py-project.ts";
import { newestRelease } from "../config/python-releases.ts";
import type { Target } from "../config/target.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import type { Report } from "./report.ts";

/** The first minor version of Python whose own reader takes TOML 1.1 (CPython `Lib/tomllib`). */
const READS_1_1 = 15;

/**
 * Warns of a build file that microb reads, and the tools in the image do not: pip reads it before it builds a project,
 * and so do build backends. uv and its own backend have readers of their own.
 */
export function checkToml(
  { newerToml, buildBackend }: PyProject,
  { table }: Target,
  { python, install, report }: Readonly<{ python: PythonVersion; install: InstallMode; report: Report }>,
): void {
  const minor = Number(newestRelease(python.version).split(".")[1]);
  if (newerToml === undefined || install !== "package" || minor >= READS_1_1) return;
  if (table.installer === "uv" && buildBackend === "uv_build") return;
  report.warn({
    code: "toml.newer",
    message: `this is TOML 1.1, but with Python ${python.version} the tools that build the project read TOML 1.0 only`,
    place: newerToml,
    help: `write TOML 1.0, with each inline table on one line and without a comma at its end, or set python_version = "3.${READS_1_1}"`,
  });
}
