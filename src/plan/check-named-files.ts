import type { NamedFile } from "../config/named-files.ts";
import { isTooLong, MAX_PATH } from "../config/path-limit.ts";
import type { PyProject } from "../config/py-project.ts";
import { atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { canFind } from "../facts/found-paths.ts";
import { patternTest } from "../facts/path-pattern.ts";
import { pathInProject } from "../facts/project-location.ts";
import type { LeftOutReader } from "./left-out.ts";
import type { Report } from "./report.ts";

/** Warns of files that the metadata names and that are not where the project is built: most build backends then fail. */
export function checkNamedFiles(project: PyProject, facts: ContextFacts, leftOut: LeftOutReader, report: Report): void {
  const found = [...(facts.found ?? [])];
  for (const file of project.namedFiles) {
    const problem = problemWith(file, facts, found, leftOut);
    if (problem === undefined) continue;
    const { why, help, also } = problem;
    report.warn({
      code: "project.file",
      message: `${keyOf(file)} names "${shortened(file.name)}", ${why}`,
      place: atValue(project.source, ...file.path),
      ...(also !== undefined && { also }),
      help,
    });
  }
}

/** How much of a name is worth reading. */
const MAX_SHOWN = 200;

function shortened(name: string): string {
  return name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name;
}

type Problem = Readonly<{ why: string; help: string }> & Pick<Diagnostic, "also">;

function problemWith(
  { name, isPattern }: NamedFile,
  { location }: ContextFacts,
  found: readonly string[],
  leftOut: LeftOutReader,
): Problem | undefined {
  const path = pathInProject(location, name);
  if (isTooLong(name)) {
    return {
      why: `which is longer than ${MAX_PATH} bytes: no path is`,
      help: "write a path relative to the project",
    };
  }
  if (path === undefined) {
    return {
      why: "which is outside of the project",
      help: "the build has only the project's directory: put a copy of the file there",
    };
  }
  if (isPattern && !canFind(path)) return undefined;
  const matches = found.filter(patternTest(path));
  // A pattern that matches nothing may itself be what an ignore file leaves out, as * does.
  const hidden = (matches.length === 0 ? [path] : matches).map((one) => ({ path: one, out: leftOut.of(one) }));
  if (hidden.some(({ out }) => out === undefined)) {
    if (matches.length > 0) return undefined;
    const why = isPattern ? "which no file of the build context matches" : "which is not in the build context";
    return { why, help: "add the file, or remove the entry: the build backend reads it" };
  }
  const [first] = hidden;
  if (first?.out === undefined) return undefined;
  const { by, place } = first.out;
  return {
    why: first.path === path ? `which ${by} leaves out` : `and ${by} leaves ${first.path} out`,
    help: `${leftOut.remedy(first.path)}: the build backend reads it`,
    ...(place !== undefined && { also: place }),
  };
}

/** The key as the build file writes it, without the position in a list. */
function keyOf({ path }: NamedFile): string {
  return path.filter((part) => typeof part === "string").join(".");
}
