import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ContextReader } from "./context-reader.ts";
import { type RequirementsFiles, readRequirements } from "./requirements-file.ts";

/** What is true of the build context that planning depends on. */
export type ContextFacts = Readonly<{
  pythonVersionFile?: SourceText;
  requirements?: RequirementsFiles;
  /** Whether the project has a setup.py or setup.cfg, which make a package without `[build-system]`. */
  hasSetupFile: boolean;
}>;

/**
 * Reads what a plan for this target needs to know.
 * @throws UserError when a file that the target names is missing or malformed.
 */
export async function collectFacts(reader: ContextReader, project: PyProject, target: Target): Promise<ContextFacts> {
  const { requirements: path } = target.table;
  const [versions, setupPy, setupCfg] = await Promise.all([
    reader.readText(".python-version"),
    reader.readText("setup.py"),
    reader.readText("setup.cfg"),
  ]);
  const place = atValue(project.source, ...target.path, "requirements");
  const reading = path === undefined ? undefined : await readRequirements(reader, path, place);
  if (reading !== undefined && reading.problems.length > 0) throw new UserError(reading.problems);
  return {
    ...(versions === undefined ? {} : { pythonVersionFile: sourceText(".python-version", versions) }),
    ...(reading === undefined ? {} : { requirements: reading.files }),
    hasSetupFile: setupPy !== undefined || setupCfg !== undefined,
  };
}
