import type { Target } from "../config/target.ts";
import { parseTemplate, type Template, TemplateError } from "../substitution/template.ts";
import type { Variables } from "./plan-environment.ts";
import type { Report } from "./report.ts";

/** Arguments that mean something by themselves: to us, to BuildKit, or to a Dockerfile in the same pipeline. */
const KNOWN = /^(?:microb_\w+|SOURCE_DATE_EPOCH|(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/i;

/** Warns of build arguments that no value uses: most are misspelt. */
export function checkBuildArgs({ table }: Target, variables: Variables, report: Report): void {
  const given = [...variables.keys()].filter((name) => !KNOWN.test(name));
  if (given.length === 0) return;
  const texts = [table.env, table.environment, table.labels].flatMap((entries) => Object.values(entries ?? {}));
  const used = new Set(texts.flatMap(variablesOf));
  for (const name of given) {
    if (used.has(name)) continue;
    report.warn({
      code: "option.unused",
      message: `the build argument ${name} is not used`,
      help: `write $${name} in a value of env or labels, or leave it out`,
    });
  }
}

function variablesOf(text: string): readonly string[] {
  try {
    return namesIn(parseTemplate(text));
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}

function namesIn(template: Template): readonly string[] {
  return template.flatMap((part) => (typeof part === "string" ? [] : [part.name, ...namesIn(part.operand)]));
}
