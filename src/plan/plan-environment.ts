import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type TomlPath } from "../diagnostic/diagnostic.ts";
import { RequiredVariableError, substituteKnown } from "../substitution/substitute.ts";
import { parseTemplate, type Template, TemplateError } from "../substitution/template.ts";
import type { Report } from "./report.ts";
import type { EnvStep } from "./step.ts";

/** Variables that values may use: the build arguments. */
export type Variables = ReadonlyMap<string, string>;

/** The most variables: each is a step, and part of all that come after it. */
const MAX_VARIABLES = 1000;

/** The `env` table as steps, in the order of the file. A variable set earlier in the table hides a build argument. */
export function planEnvironment(
  project: PyProject,
  target: Target,
  { variables, report }: Readonly<{ variables: Variables; report: Report }>,
): readonly EnvStep[] {
  const { env, environment } = target.table;
  const key = env === undefined && environment !== undefined ? "environment" : "env";
  if (environment !== undefined) reportAlias(project, target, report);
  const entries = Object.entries(target.table[key] ?? {});
  if (entries.length > MAX_VARIABLES) {
    report.problem({
      code: "config.value",
      message: `${key} has ${entries.length} variables; microb sets at most ${MAX_VARIABLES}`,
      place: atKey(project.source, ...target.path, key),
      help: "put them into a file",
    });
    return [];
  }
  const earlier = new Set<string>();
  return entries.map(([name, text]) => {
    const path = [...target.path, key, name];
    const visible = new Map([...variables].filter(([variable]) => !earlier.has(variable)));
    earlier.add(name);
    return {
      kind: "env",
      name,
      value: planTemplate(text, { project, path, variables: visible, report }),
      origin: path,
    };
  });
}

/** Reads a value with variable references and puts in the ones that are known while planning. */
export function planTemplate(
  text: string,
  {
    project,
    path,
    variables,
    report,
  }: Readonly<{ project: PyProject; path: TomlPath; variables: Variables; report: Report }>,
): Template {
  const place = atValue(project.source, ...path);
  try {
    return substituteKnown(parseTemplate(text), (name) => variables.get(name));
  } catch (error) {
    if (error instanceof TemplateError) {
      const help = "write \\$ for a dollar sign that starts no variable";
      report.problem({ code: "substitution.invalid", message: error.message, place, help });
    } else if (error instanceof RequiredVariableError) {
      report.problem({ code: "substitution.required", message: error.message, place });
    } else throw error;
    return [];
  }
}

function reportAlias(project: PyProject, target: Target, report: Report): void {
  const place = atKey(project.source, ...target.path, "environment");
  if (target.table.env === undefined) {
    report.warn({
      code: "key.deprecated",
      message: '"environment" is the old name of "env"',
      place,
      help: "rename it",
    });
  } else {
    const message = '"environment" is the old name of "env", and both are set';
    report.problem({ code: "key.conflict", message, place, help: 'move its entries to "env"' });
  }
}
