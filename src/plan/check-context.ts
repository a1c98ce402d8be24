import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { HISTORY_FILE, VERSION_RECORDS } from "../facts/found-paths.ts";
import { patternTest } from "../facts/path-matcher.ts";
import { inProject } from "../facts/project-location.ts";
import { SECRET_FILES } from "../facts/secret-files.ts";
import { checkNamedFiles } from "./check-named-files.ts";
import { type LeftOutReader, leftOutReader } from "./left-out.ts";
import type { DependencyPlan } from "./plan-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
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

/** Says what the build will miss of the context, and what is in it that should not be: before the build, not after it. */
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

/** Where the modules may be there are several directories: one that is there is enough. */
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

/** Names of variables by which a build is told the version. */
const STATED_VERSION =
  /^(?:(?:SETUPTOOLS_SCM|HATCH_VCS|VCS_VERSIONING)_PRETEND_|PDM_BUILD_SCM_VERSION$|PBR_VERSION$|(?:POETRY|UV)_DYNAMIC_VERSIONING_BYPASS$)/;

function checkHistory({ project, target, facts, report }: ContextCheck, leftOut: LeftOutReader): void {
  const { history, source } = project;
  const { env = {}, environment = {} } = target.table;
  const out = leftOut.of(inProject(facts.location, HISTORY_FILE));
  // Of a project in a directory the history is elsewhere.
  if (out === undefined || history === undefined || facts.location.directory !== "") return;
  const isRecorded = VERSION_RECORDS.some((name) => facts.found?.has(name));
  const isStated = Object.keys({ ...environment, ...env }).some((name) => STATED_VERSION.test(name));
  if (history.without === "known" || isRecorded || isStated) return;
  const diagnostic: Diagnostic = {
    code: "context.ignored",
    message: `${history.tool} reads the version from .git, which ${out.by} leaves out: ${OUTCOMES[history.without]}`,
    place: atValue(source, ...history.path),
    ...(out.place !== undefined && { also: out.place }),
    help: `${leftOut.remedy(".git")}, or state the version`,
  };
  if (history.without === "fails") report.problem(diagnostic);
  else report.warn(diagnostic);
}

const OUTCOMES = {
  fails: "the version cannot be known",
  invented: "it makes up a version",
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
    help: `name what must stay out in the ignore file; if the image needs one, ${leftOut.remedy(first)}`,
  });
}

/** The build succeeds without them; the program does not. */
function checkRequirementsBeside({ project, target, facts, dependencies, report }: ContextCheck): void {
  const path = facts.requirementsBeside;
  const hasNone = dependencies.kind === "requirements" && dependencies.requirements.length === 0;
  if (path === undefined || !hasNone || facts.setupFiles.length > 0) return;
  const hasTarget = project.targets.has(target.name);
  report.warn({
    code: "requirements.unused",
    message: `nothing reads ${path}: the image has none of the packages in it`,
    place: atKey(project.source, ...(hasTarget ? target.path : project.metadata.path)),
    help: `set requirements = ${JSON.stringify(path)} in [${target.path.join(".")}]`,
  });
}
