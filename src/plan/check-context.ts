import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atKey, atSpan, atValue, type Diagnostic, type Place } from "../diagnostic/diagnostic.ts";
import type { ContextFacts } from "../facts/collect-facts.ts";
import { HISTORY_FILE, VERSION_RECORDS } from "../facts/found-paths.ts";
import { SECRET_FILES } from "../facts/not-copied.ts";
import { patternTest } from "../facts/path-pattern.ts";
import { inProject } from "../facts/project-location.ts";
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
  const present = (paths: readonly string[]): readonly string[] =>
    paths.map((path) => inProject(facts.location, path)).filter((path) => facts.found?.has(path));
  const directories = present(project.packagePaths);
  const files = present(project.moduleFiles);
  // Of a directory whose files have other names, those that it may have stand for them.
  const likely =
    files.length > 0 ? files : directories.flatMap((path) => [`${path}/__init__.py`, `${path}/_/__init__.py`]);
  const [first] = likely;
  if (first === undefined || likely.some((path) => leftOut.of(path) === undefined)) return;
  if (files.length === 0 && directories.some((path) => bringsBack(facts, path))) return;
  const directory = directories.find((path) => first === path || first.startsWith(`${path}/`)) ?? first;
  const out = leftOut.of(first);
  if (out === undefined) return;
  const hidden = [directory, ...below(directory, first)].find((path) => leftOut.of(path)?.by === out.by) ?? first;
  report.warn({
    code: "context.ignored",
    message: `${out.by} leaves out ${files.length === 0 ? directory : hidden}, where the modules of the project are`,
    ...(out.place !== undefined && { place: out.place }),
    help: leftOut.remedy(directory),
  });
}

/** The paths between a directory and a file in it, and the file. */
function below(directory: string, file: string): readonly string[] {
  const parts = file.slice(directory.length + 1).split("/");
  return parts.map((_, index) => `${directory}/${parts.slice(0, index + 1).join("/")}`);
}

/** Whether a rule brings back something in a directory, whatever that is. */
function bringsBack({ ignore }: ContextFacts, directory: string): boolean {
  return ignore?.rules.some(({ pattern }) => pattern.startsWith(`!${directory}/`)) === true;
}

/** Names of variables that state the version for a build. */
const STATED_VERSION =
  /^(?:(?:SETUPTOOLS_SCM|HATCH_VCS|VCS_VERSIONING)_PRETEND_|PDM_BUILD_SCM_VERSION$|PBR_VERSION$|(?:POETRY|UV)_DYNAMIC_VERSIONING_BYPASS$)/;

function checkHistory({ project, target, facts, report }: ContextCheck, leftOut: LeftOutReader): void {
  const { history, source } = project;
  const { env = {}, environment = {} } = target.table;
  const missing = whyNoHistory(history !== undefined, facts, leftOut);
  const reader = history ?? setupHistory(facts);
  if (missing === undefined || reader === undefined) return;
  const isRecorded = VERSION_RECORDS.some((name) => facts.found?.has(inProject(facts.location, name)));
  const isStated = Object.keys({ ...environment, ...env }).some((name) => STATED_VERSION.test(name));
  // Of what is copied into the builder by itself nothing is known.
  const isCopied = (target.table.copy_files_before_build ?? []).some(({ src }) => /(?:^|\/)\.git\/?$/.test(src));
  if (reader.without === "known" || isRecorded || isStated || isCopied) return;
  const diagnostic: Diagnostic = {
    code: "context.ignored",
    message: `${reader.tool} reads the version from .git, ${missing.why}: ${OUTCOMES[reader.without]}`,
    place: "path" in reader ? atValue(source, ...reader.path) : reader.place,
    ...(missing.also !== undefined && { also: missing.also }),
    help: missing.help,
  };
  if (reader.without === "fails" && !missing.isLikely) report.problem(diagnostic);
  else report.warn(diagnostic);
}

/** Why the build has no history, if it has none: of a client's directory only the ignore file is asked. */
function whyNoHistory(
  isLookedFor: boolean,
  { ignore, location, found }: ContextFacts,
  leftOut: LeftOutReader,
): Readonly<{ why: string; help: string; also?: Place; isLikely?: true }> | undefined {
  const { directory } = location;
  if (directory === "" && ignore !== undefined) {
    const out = leftOut.of(HISTORY_FILE);
    if (out === undefined) return undefined;
    const help = `${leftOut.remedy(".git")}, or state the version`;
    return { why: `which ${out.by} leaves out`, help, ...(out.place !== undefined && { also: out.place }) };
  }
  if (!isLookedFor || found?.has(inProject(location, HISTORY_FILE))) return undefined;
  if (directory !== "") {
    const help = "state the version, or set the variable by which this tool is told it with env";
    // A tool that looks above the project may have its own ways.
    return { why: `and only ${directory} of the context is there when it is built`, help, isLikely: true };
  }
  const help = "of a git URL it is kept with --build-arg BUILDKIT_CONTEXT_KEEP_GIT_DIR=1; else state the version";
  return { why: "which is not in the build context", help };
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
  if (facts.requirementsBeside === undefined || dependencies.kind !== "requirements") return;
  const { path, missing } = facts.requirementsBeside;
  const hasNone = dependencies.requirements.length === 0;
  // A setup.py that is run may read it.
  const mayBeRead = install === "package" && hasSetup(project, facts);
  if (mayBeRead || (missing.length === 0 && !hasNone)) return;
  const hasTarget = project.targets.has(target.name);
  const key = `set requirements = ${JSON.stringify(path)} in [${target.path.join(".")}]`;
  if (missing.length === 0) {
    report.warn({
      code: "requirements.unused",
      message: `nothing reads ${path}: the image has none of the packages in it`,
      place: atKey(project.source, ...(hasTarget ? target.path : project.metadata.path)),
      help: key,
    });
    return;
  }
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : "";
  report.warn({
    code: "requirements.unused",
    message: `nothing reads ${path}, and the project does not require ${missing.slice(0, MOST_NAMED).join(", ")}${more}, which it lists`,
    place: atKey(project.source, ...project.metadata.path, "dependencies"),
    help: `${key}, or add what is missing to the dependencies`,
  });
}

/** More names than these are too many to read. */
const MOST_NAMED = 5;
