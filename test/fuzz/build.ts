import { completeLocal } from "../../src/command/complete-local.ts";
import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostic/render.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { UserError } from "../../src/diagnostic/user-error.ts";
import { readCheckOptions } from "../../src/lint/check-options.ts";
import { lint } from "../../src/lint/lint.ts";
import { ruleOf } from "../../src/lint/rule.ts";
import { encodeDefinition } from "../../src/llb/definition.ts";
import { dockerfileOf, llbOf } from "../support/emitting.ts";
import { planOf } from "../support/planning.ts";

/** What somebody else wrote: a build file and the files around it. */
export type Input = Readonly<{ toml: string; files?: Readonly<Record<string, string>> }>;

/**
 * Does with an input what a build and the command line do, short of a daemon: plan, both readings, all that is said.
 * The result is what is said; whatever else than a problem of the input is thrown is a defect.
 */
export async function build({ toml, files = {} }: Input): Promise<string> {
  try {
    readCheckOptions(sourceText("pyproject.toml", toml), undefined);
    const planned = await planOf(toml, { files });
    const findings = lint(planned);
    for (const finding of findings) ruleOf(finding);
    const { plan } = completeLocal(planned);
    encodeDefinition(llbOf(plan).definition);
    dockerfileOf(plan);
    return renderDiagnostics(await locateDiagnostics([...planned.warnings, ...findings]), "warning");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return renderDiagnostics(await locateDiagnostics(error.diagnostics), "error");
  }
}
