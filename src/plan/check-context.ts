import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atKey, atSpan, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { HISTORY_FILE, VERSION_RECORDS } from "../facts/found-paths.ts";
import { patternTest } from "../facts/path-matcher.ts";
import { inProject } from "../facts/project-location.ts";
import { SECRET_FILES } from "../facts/secret-files.ts";
import { checkNamedFiles } from "./check-named-files.ts";
import { type LeftOutReader, leftOutReader } from "./left-out.ts";
import type { DependencyPlan } from "./plan-dependencies.ts";
import { hasSetup, type InstallMode } from "./plan-install.ts";
import type { Report } from "./report.ts";

/** What is known once a target is planned. */
export type ContextCheck = Readonly<{
  project: PyProject;
  target: Target;
  facts: ContextFacts;
  install: InstallMode;
  dependencies: DependencyPlan;
  exclude: readonly string[];
  /** Whether the builder has the build file from the client, and not from the context. */
  hasOwnBuildFile: boolean;
  report: Report;
}>;

/** Reports, before the build, what it needs and the context lacks, and what is in the context that should not be. */
export function checkContext(check: ContextCheck): void {
  const { project, facts, install, report } = check;
  const leftOut = leftOutReader(check.exclude, facts.ignore);
  if (install === "package") {
    checkBuildFile(check, leftOut);
    checkNamedFiles(project, facts, leftOut, report);
    checkHistory(check, leftOut);
  } else {
    checkSecrets(check, leftOut);
  }
  checkModules(check, leftOut);
  checkRequirementsBeside(check);
}

function checkBuildFile({ facts, hasOwnBuildFile, report }: ContextCheck, leftOut: LeftOutReader): void {
  const path = inProject(facts.location, facts.location.buildFile);
  const out = leftOut.of(path);
  if (out === undefined || facts.isFromElsewhere || hasOwnBuildFile) return;
  report.warn({
    code: "context.ignored",
    message: `${out.by} leaves out ${path}, which the build backend reads`,
    ...(out.place !== undefined && { place: out.place }),
    help: leftOut.remedy(path),
  });
}

/** Modules may be in several directories: one that exists and is not left out is enough. */
function checkModules({ project, facts, report }: ContextCheck, leftOut: LeftOutReader): void {
  const present = project.packagePaths
    .map((path) => inProject(facts.location, path))
    .filter((path) => facts.found?.has(path));
  const [first] = present;
  if (first === undefined || present.some((path) => leftOut.of(path) === undefined)) return;
  const out = leftOut.of(first);
  if (out === undefined) return;
  report.warn({
    code: "context.ignored",
    message: `${out.by} leaves out ${first}, where the modules of the project are`,
    ...(out.place !== undefined && { place: out.place }),
    help: leftOut.remedy(first),
  });
}

/** Names of variables that state the version for a build. */
const STATED_VERSION =
  /^(?:(?:SETUPTOOLS_SCM|HATCH_VCS|VCS_VERSIONING)_PRETEND_|PDM_BUILD_SCM_VERSION$|PBR_VERSION$|(?:POETRY|UV)_DYNAMIC_VERSIONING_BYPASS$)/;

function checkHistory({ project, target, facts, report }: ContextCheck, leftOut: LeftOutReader): void {
  const { history, source } = project;
  const { env = {}, environment = {} } = target.table;
  const out = leftOut.of(inProject(facts.location, HISTORY_FILE));
  // Of a project in a directory the history is elsewhere.
  if (out === undefined || facts.location.directory !== "") return;
  const reader = history ?? setupHistory(facts);
  if (reader === undefined) return;
  const isRecorded = VERSION_RECORDS.some((name) => facts.found?.has(name));
  const isStated = Object.keys({ ...environment, ...env }).some((name) => STATED_VERSION.test(name));
  if (reader.without === "known" || isRecorded || isStated) return;
  const diagnostic: Diagnostic = {
    code: "context.ignored",
    message: `${reader.tool} reads the version from .git, which ${out.by} leaves out: ${OUTCOMES[reader.without]}`,
    place: "path" in reader ? atValue(source, ...reader.path) : reader.place,
    ...(out.place !== undefined && { also: out.place }),
    help: `${leftOut.remedy(".git")}, or state the version`,
  };
  if (reader.without === "fails") report.problem(diagnostic);
  else report.warn(diagnostic);
}

/** A file of setuptools that names such a tool: more is not known. */
function setupHistory({ setupFiles, setupReadsHistory }: ContextFacts) {
  const [file] = setupFiles.filter(({ text }) => text !== "");
  if (file === undefined || setupReadsHistory !== true) return undefined;
  const place = atSpan(file, { line: 1, column: 1, length: 1 });
  return { tool: file.filename, place, without: "unknown" } as const;
}

const OUTCOMES = {
  unknown: "the version may be wrong, or the build may fail",
  fails: "the version cannot be determined",
  invented: "the version will be a made-up one",
} as const;

/** Files at the root that look like secrets: left out by default, or copied if nothing leaves them out. */
function checkSecrets({ project, target, facts, report }: ContextCheck, leftOut: LeftOutReader): void {
  const patterns = SECRET_FILES.map((name) => inProject(facts.location, name)).map(patternTest);
  const secrets = [...(facts.found ?? [])].filter((path) => patterns.some((isMeant) => isMeant(path))).sort();
  const own = secrets.filter((path) => leftOut.of(path)?.by === "microb");
  const [first] = own;
  if (first === undefined) return;
  report.warn({
    code: "context.secret",
    message: `${own.join(", ")} ${own.length === 1 ? "looks like a secret and is" : "look like secrets and are"} not copied into the image`,
    place: atValue(project.source, ...target.path, "install"),
    help: `list such files in the ignore file; if the image needs one, ${leftOut.remedy(first)}`,
  });
}

/** The build succeeds without them; the program does not. */
function checkRequirementsBeside({ project, target, facts, install, dependencies, report }: ContextCheck): void {
  const path = facts.requirementsBeside;
  const hasNone = dependencies.kind === "requirements" && dependencies.requirements.length === 0;
  // A setup.py that is run may read it.
  const mayBeRead = install === "package" && hasSetup(project, facts);
  if (path === undefined || !hasNone || mayBeRead) return;
  const hasTarget = project.targets.has(target.name);
  report.warn({
    code: "requirements.unused",
    message: `nothing reads ${path}: the image has none of the packages in it`,
    place: atKey(project.source, ...(hasTarget ? target.path : project.metadata.path)),
    help: `set requirements = ${JSON.stringify(path)} in [${target.path.join(".")}]`,
  });
}
