import { arrayHint } from "../config/array-hint.ts";
import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import type { Report } from "./report.ts";

/** Reports a program without a name, and a command line that is written as one word: no shell splits it, and no program has that name. */
export function checkStartWords({ source }: PyProject, { table, path }: Target, report: Report): void {
  const key = table.entrypoint !== undefined && table.entrypoint.length > 0 ? "entrypoint" : "command";
  const [program, ...others] = table[key] ?? [];
  if (program === undefined) return;
  if (program.trim() === "") {
    report.problem({
      code: "config.value",
      message: `the first word of ${key} is empty: it is the program that a container starts`,
      place: atValue(source, ...path, key, 0),
      help: `write ${key} = ["python", "-m", "app"], or leave it out`,
    });
    return;
  }
  // A name with a path may have spaces; an entrypoint of the base would get the command as arguments.
  if (others.length > 0 || !/^[\w.+-]+\s+\S/.test(program)) return;
  report.problem({
    code: "config.value",
    message: `${key} has one word, ${JSON.stringify(program)}: there is no program of that name`,
    place: atValue(source, ...path, key),
    help: arrayHint([...path, key], program),
  });
}
