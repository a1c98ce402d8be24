import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostic/render.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { emitDockerfile } from "../../src/emit/dockerfile.ts";
import type { ImageConfig } from "../../src/oci/image-config.ts";
import { planProject } from "../../src/plan/plan-project.ts";
import { llbOf } from "../../test/support/emitting.ts";
import { ROOT, recordReader } from "../../test/support/planning.ts";

/** A project that is planned to see what becomes of it. */
export type Sample = Readonly<{
  text: string;
  files?: Readonly<Record<string, string>>;
  buildArgs?: Readonly<Record<string, string>>;
}>;

/** What becomes of it, and what the user is told besides. */
export type Readings = Readonly<{ dockerfile: string; config: ImageConfig; warnings: string }>;

/**
 * Plans a project and makes both readings.
 * @throws UserError
 */
export async function readSample({ text, files = {}, buildArgs = {} }: Sample): Promise<Readings> {
  const source = sourceText("pyproject.toml", text);
  const request = { source, location: ROOT, target: "", variables: new Map(Object.entries(buildArgs)) };
  const { plan, project, warnings } = await planProject(recordReader(files), request);
  const { config, warnings: more } = llbOf(plan, { source: project.source });
  const located = await locateDiagnostics([...warnings, ...more]);
  const dockerfile = emitDockerfile(plan, project.source);
  return { dockerfile, config, warnings: renderDiagnostics(located, "warning") };
}
