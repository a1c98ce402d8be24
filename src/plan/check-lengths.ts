import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atValue, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { Template } from "../substitution/template.ts";
import { shorten } from "../util/mask.ts";
import type { ImagePlan } from "./image-plan.ts";
import type { Report } from "./report.ts";

/** Linux starts no program with a longer argument or variable (`MAX_ARG_STRLEN`, with its NUL). */
const LONGEST = 128 * 1024 - 1;

/** Reports texts that are too long for a step, or for a container of the image, to start. */
export function checkLengths(plan: ImagePlan, project: PyProject, target: Target, report: Report): void {
  const seen = new Set<string>();
  const check = (what: string, bytes: number, origin: TomlPath, help: string): void => {
    // A variable is in both stages and one problem.
    const key = JSON.stringify(origin);
    if (bytes <= LONGEST || seen.has(key)) return;
    seen.add(key);
    const message = `${what} has ${bytes} bytes; no program can be started with more than ${LONGEST}`;
    report.problem({ code: "config.value", message, place: atValue(project.source, ...origin), help });
  };
  for (const step of plan.stages.flatMap(({ steps }) => steps)) {
    const origin = ("origin" in step && step.origin) || project.metadata.path;
    if (step.kind === "run") {
      const bytes = Buffer.byteLength(step.commands.join(" && "));
      check(
        `the command of the step "${shorten(step.title, 60)}"`,
        bytes,
        origin,
        "name a file with the requirements key",
      );
    } else if (step.kind === "env") {
      check("this variable", Buffer.byteLength(step.name) + 1 + textLength(step.value), origin, "put it into a file");
    }
  }
  for (const key of ["entrypoint", "command"] as const) {
    for (const [index, word] of (plan.image[key] ?? []).entries()) {
      // Without a key of one's own it is the project's script.
      const script = [...project.metadata.path, "scripts"];
      const origin = target.table[key] === undefined ? script : [...target.path, key, index];
      check("a word of the start command", Buffer.byteLength(word), origin, "put it into a file");
    }
  }
}

/** The length of a template without its variables. */
function textLength(template: Template): number {
  return template.reduce((sum, part) => sum + (typeof part === "string" ? Buffer.byteLength(part) : 0), 0);
}
