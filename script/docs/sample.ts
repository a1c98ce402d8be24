import type { DiagnosticCode } from "../../src/diagnostic/code.ts";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostic/render.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { emitDockerfile } from "../../src/emit/dockerfile.ts";
import { IGNORE_FILE, readIgnoreFile } from "../../src/facts/ignore-file.ts";
import { lint } from "../../src/lint/lint.ts";
import { ruleOf } from "../../src/lint/rule.ts";
import type { ImageConfig } from "../../src/oci/image-config.ts";
import type { Platform } from "../../src/oci/platform.ts";
import { planProject } from "../../src/plan/plan-project.ts";
import { llbOf } from "../../test/support/emitting.ts";
import { AMD64, ROOT, recordReader } from "../../test/support/planning.ts";

/** A project that is planned to see what becomes of it. */
export type Sample = Readonly<{
  text: string;
  files?: Readonly<Record<string, string>>;
  buildArgs?: Readonly<Record<string, string>>;
  /** What is built; base images are for linux/amd64. */
  platform?: Platform;
}>;

/** What becomes of it, and what the user is told besides: in a build, and about one code when it is checked. */
export type Readings = Readonly<{
  dockerfile: string;
  config: ImageConfig;
  warnings: string;
  aboutCode: (code: DiagnosticCode) => Promise<string>;
}>;

/**
 * Plans a project and makes both readings.
 * @throws UserError
 */
export async function readSample({ text, files = {}, buildArgs = {}, platform }: Sample): Promise<Readings> {
  const source = sourceText("pyproject.toml", text);
  const reader = recordReader(files);
  const ignore = await readIgnoreFile(reader.readText, [IGNORE_FILE]);
  const variables = new Map(Object.entries(buildArgs));
  const request = { source, location: ROOT, ignore, target: "", platforms: [platform ?? AMD64], variables };
  const planned = await planProject(reader, request);
  const { plan, project } = planned;
  const { config, warnings } = llbOf(plan, { source: project.source, ...(platform && { platform }) });
  const findings = [...lint(planned), ...warnings];
  const inBuild = findings.filter((finding) => ruleOf(finding).inBuild);
  return {
    dockerfile: emitDockerfile(plan, project.source),
    config,
    warnings: await rendered(inBuild),
    aboutCode: (code) => rendered(findings.filter((finding) => finding.code === code)),
  };
}

async function rendered(findings: readonly Diagnostic[]): Promise<string> {
  return renderDiagnostics(await locateDiagnostics(findings), "warning");
}
