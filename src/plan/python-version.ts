import type { PyProject } from "../config/py-project.ts";
import { admits } from "../config/python-constraint.ts";
import type { Target } from "../config/target.ts";
import { atSpan, atValue, type Diagnostic, type Place, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import type { Report } from "./report.ts";

/** The newest minor version of Python 3 that is stable as of this release of microb. */
export const NEWEST_MINOR = 15;

/** A version for the tags of the base images, and the entry of the build file that decided on it, if one did. */
export type PythonVersion = Readonly<{ version: string; origin?: TomlPath }>;

/**
 * The version of the base images: `python_version`, else `.python-version`, else the newest stable minor that
 * `requires-python` admits. Problems are reported and answered with the newest.
 */
export function choosePythonVersion(
  project: PyProject,
  target: Target,
  facts: ContextFacts,
  report: Report,
): PythonVersion {
  const newest = { version: `3.${NEWEST_MINOR}` };
  const { requiresPython } = project.metadata;
  const asked = askedVersion(project, target, facts, report);
  const constraint = requiresPython?.constraint;
  if (requiresPython === undefined) return asked ?? newest;
  const { text, path } = requiresPython.place;
  const place = atValue(project.source, ...path);
  if (constraint === undefined) {
    report.problem({
      code: "project.metadata",
      message: `"${text}" is not a version specifier`,
      place,
      help: 'write a PEP 440 specifier set such as ">=3.11,<4"',
    });
    return asked ?? newest;
  }
  if (asked !== undefined) {
    if (!admits(constraint, asked.version)) report.problem({ ...conflict(asked, path.join("."), text), also: place });
    return asked;
  }
  for (let minor = NEWEST_MINOR; minor >= 0; minor--) {
    if (admits(constraint, `3.${minor}`)) return { version: `3.${minor}`, origin: path };
  }
  report.problem({
    code: "python.unsatisfiable",
    message: `no Python from 3.0 to ${newest.version} meets "${text}"`,
    place,
    help: `${newest.version} is the newest this release of microb knows; name another with python_version`,
  });
  return newest;
}

type Asked = PythonVersion & Readonly<{ place: Place; by: string }>;

function conflict({ version, place, by }: Asked, key: string, specifiers: string): Diagnostic {
  return {
    code: "python.unsatisfiable",
    message: `${by} asks for Python ${version}, but ${key} is "${specifiers}"`,
    place,
    help: `change one of them: no release ${version}${version.split(".").length < 3 ? ".x" : ""} meets ${key}`,
  };
}

function askedVersion(project: PyProject, target: Target, facts: ContextFacts, report: Report): Asked | undefined {
  const version = target.table.python_version;
  if (version !== undefined) {
    const origin = [...target.path, "python_version"];
    return { version, origin, place: atValue(project.source, ...origin), by: "python_version" };
  }
  return facts.pythonVersionFile === undefined ? undefined : readVersionFile(facts.pythonVersionFile, report);
}

/** The first version of a `.python-version` file, as pyenv and uv write it: comments and further lines may surround it. */
function readVersionFile(source: SourceText, report: Report): Asked | undefined {
  for (const [index, line] of source.text.split(/\r\n|\r|\n/).entries()) {
    const text = line.replace(/#.*/, "").trim();
    if (text === "") continue;
    const place = atSpan(source, { line: index + 1, column: line.indexOf(text) + 1, length: text.length });
    const version = /^(?:cpython[-@]?|python[-@]?)?(3(?:\.\d+){0,2})$/.exec(text)?.[1];
    if (version !== undefined) return { version, place, by: source.filename };
    const reason = /^(?:cpython[-@]?)?3\.\d+(?:\.\d+)?t$|\+freethreaded/.test(text)
      ? "the official images have no free-threaded build"
      : /^[a-z]/.test(text)
        ? "only CPython has official images"
        : "it is not a version of Python 3";
    report.problem({
      code: "python.version-file",
      message: `"${text}" cannot be used: ${reason}`,
      place,
      help: "write a version such as 3.13, or set python_version",
    });
    return undefined;
  }
  return undefined;
}
