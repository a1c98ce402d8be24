import type { Target } from "../config/target.ts";
import { suggest, suggestion } from "../diagnostic/suggest.ts";
import { parseTemplate, type Template, TemplateError } from "../substitution/template.ts";
import { OWN_ARGUMENTS, spellings } from "./build-args.ts";
import type { Variables } from "./plan-environment.ts";
import type { Report } from "./report.ts";

/** Arguments that BuildKit, or a Dockerfile in the same pipeline, uses by itself. */
const KNOWN = /^(?:SOURCE_DATE_EPOCH|(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/i;

/**
 * Reports the build arguments that no value of the target uses: an error for a name that begins with `microb_`, a warning
 * for others. Most of them are misspelt.
 */
export function checkBuildArgs({ table }: Target, variables: Variables, report: Report): void {
  const own = OWN_ARGUMENTS.map((name) => ({ name, given: spellings(variables, name) }));
  for (const { name, given } of own) {
    if (new Set(given.map((one) => variables.get(one))).size > 1) {
      report.problem({
        code: "option.invalid",
        message: `the build argument ${name} has several values: it is given as ${given.join(" and ")}`,
        help: `names of microb's build arguments are case-insensitive: pass ${name} once`,
      });
    }
  }
  const known = new Set(own.flatMap(({ given }) => given));
  const others = [...variables.keys()].filter((name) => !known.has(name) && !KNOWN.test(name));
  if (others.length === 0) return;
  const texts = [table.env, table.environment, table.labels].flatMap((entries) => Object.values(entries ?? {}));
  const used = new Set(texts.flatMap(variablesOf));
  for (const name of others) {
    if (used.has(name)) continue;
    if (/^microb_/i.test(name)) {
      report.problem({
        code: "option.unknown",
        message: `microb has no build argument ${name}`,
        help: suggestion(name, OWN_ARGUMENTS, "build arguments of microb"),
      });
      continue;
    }
    const meant = suggest(name, OWN_ARGUMENTS);
    report.warn({
      code: "option.unused",
      message: `the build argument ${name} is not used`,
      help:
        meant === undefined
          ? `write $${name} in a value of env or labels, or leave it out`
          : `did you mean ${meant}? Else write $${name} in a value of env or labels, or leave it out`,
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
