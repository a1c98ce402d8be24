import { MAX_CLAUSES } from "../config/meets.ts";
import type { PythonLimit } from "../config/metadata.ts";
import type { PyProject } from "../config/py-project.ts";
import { admits, admitsRelease } from "../config/python-constraint.ts";
import { newestRelease, PYTHON_MINORS } from "../config/python-releases.ts";
import type { Target } from "../config/target.ts";
import { atValue, type Place, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { admittedTag, pythonCandidates } from "./python-candidates.ts";
import { type CountBuilds, choosePython } from "./python-choice.ts";
import type { Report } from "./report.ts";
import { readVersionFile } from "./version-file.ts";

/**
 * A version for the tags of the base images, the entry of the build file that decided on it, if one did, and a sentence
 * that says why where microb chose it.
 */
export type PythonVersion = Readonly<{ version: string; origin?: TomlPath; reason?: string }>;

/** A version that somebody asks for, where, and the name of that place in messages. */
export type AskedPython = Readonly<{ version: string; origin?: TomlPath; place: Place; by: string }>;

/** The version that `python_version` names, else `.python-version`. Problems are reported. */
export function askedPython(
  project: PyProject,
  target: Target,
  facts: ContextFacts,
  report: Report,
): AskedPython | undefined {
  const version = target.table.python_version;
  if (version !== undefined) {
    const origin = [...target.path, "python_version"];
    return { version, origin, place: atValue(project.source, ...origin), by: "python_version" };
  }
  const file = facts.pythonVersionFile;
  const found = file && readVersionFile(file);
  if (found?.kind === "problem") report.problem(found.problem);
  return found?.kind === "version" ? { ...found, by: file?.filename ?? "" } : undefined;
}

/**
 * The version of the base images: the one that is asked for, else one that microb chooses among those that meet all limits
 * of the project, by what its lock installs. If there are problems, they are reported, and the result is arbitrary.
 */
export function choosePythonVersion(
  project: PyProject,
  asked: AskedPython | undefined,
  report: Report,
  count?: CountBuilds,
): PythonVersion {
  const limits = project.metadata.pythonLimits;
  const any = asked ?? { version: `3.${PYTHON_MINORS[0]?.minor}` };
  const malformed = limits.filter(({ constraint }) => constraint === undefined);
  for (const limit of malformed) {
    report.problem({
      code: "project.metadata",
      message: isLong(limit)
        ? `${limit.name} has more than ${MAX_CLAUSES} clauses`
        : `"${limit.text}" is not a version specifier`,
      place: placeOf(project, limit),
      help: 'write a PEP 440 specifier set such as ">=3.11,<4"',
    });
  }
  if (malformed.length > 0) return any;
  if (asked !== undefined) {
    checkAsked(project, asked, limits, report);
    return asked;
  }
  const candidates = pythonCandidates(constraintsOf(limits));
  const choice = choosePython(candidates, admitting(limits), count);
  const [first, other] = limits;
  const origin = first !== undefined && "path" in first ? { origin: first.path } : {};
  if (choice !== undefined) return { version: choice.tag, ...origin, reason: choice.reason };
  const newest = `3.${PYTHON_MINORS[0]?.minor}`;
  report.problem({
    code: "python.unsatisfiable",
    message: `no Python from 3.${PYTHON_MINORS.at(-1)?.minor} to ${newest} meets ${limits.map(({ text }) => `"${text}"`).join(" and ")}`,
    ...(first !== undefined && { place: placeOf(project, first) }),
    ...(other !== undefined && { also: placeOf(project, other) }),
    help: `${newest} is the newest this release of microb knows; name another with python_version`,
  });
  return any;
}

function isLong({ text }: PythonLimit): boolean {
  return text.split(/\|\|?|,/, MAX_CLAUSES + 1).length > MAX_CLAUSES;
}

/** Reports a version that the project refuses. A tag without a patch is the newest release of its minor version. */
function checkAsked(project: PyProject, asked: AskedPython, limits: readonly PythonLimit[], report: Report): void {
  const { version, place, by } = asked;
  const release = newestRelease(version);
  const isMet = (some: readonly PythonLimit[]): boolean => meetsLimits(version, some);
  if (isMet(limits)) return;
  const broken = limits.find((limit) => !isMet([limit])) ?? limits[0];
  if (broken === undefined) return;
  const also = placeOf(project, broken);
  const whose = release === version ? "" : `, whose newest release is ${release}`;
  const minor = PYTHON_MINORS.find((one) => release.startsWith(`3.${one.minor}.`));
  const parts = version.split(".").length;
  const constraints = constraintsOf(limits);
  const fitting =
    parts === 1
      ? pythonCandidates(constraints)[0]?.tag
      : parts === 2 && minor !== undefined
        ? admittedTag(constraints, minor)
        : undefined;
  const is = `${broken.name} is "${broken.text}"`;
  if (fitting === undefined) {
    const some = parts < 3 ? ".x" : "";
    report.problem({
      code: "python.unsatisfiable",
      message: `${by} asks for Python ${version}, but ${is}`,
      place,
      also,
      help: `change one of them: no release ${version}${some} meets ${broken.name}`,
    });
    return;
  }
  report.problem({
    code: "python.unsatisfiable",
    message: `${by} asks for Python ${version}${whose}, but ${is}`,
    place,
    also,
    help:
      by === "python_version"
        ? `write python_version = "${fitting}", or change ${broken.name}`
        : `write ${fitting} into ${by}, or change ${broken.name}`,
  });
}

/** Whether the image of a version meets limits, or may do so: microb does not know releases after its own. */
function meetsLimits(version: string, limits: readonly PythonLimit[]): boolean {
  const constraints = constraintsOf(limits);
  const release = newestRelease(version);
  if (admitsRelease(constraints, release)) return true;
  const minor = PYTHON_MINORS.find((one) => release.startsWith(`3.${one.minor}.`));
  if (minor === undefined || version === release) return version !== release && admits(constraints, version);
  return admittedTag(constraints, minor) === `3.${minor.minor}`;
}

function constraintsOf(limits: readonly PythonLimit[]): readonly (readonly string[])[] {
  return limits.map(({ constraint = [""] }) => constraint);
}

/** Who admits what, for the reason of a choice: `requires-python admits`. */
function admitting(limits: readonly PythonLimit[]): string | undefined {
  if (limits.length === 0) return undefined;
  const names = limits.map(({ name }) => name.replace(/^project\./, "")).join(" and ");
  return `${names} ${limits.length === 1 ? "admits" : "admit"}`;
}

function placeOf({ source }: PyProject, limit: PythonLimit): Place {
  return "path" in limit ? atValue(source, ...limit.path) : limit.place;
}
