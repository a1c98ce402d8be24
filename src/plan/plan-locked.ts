import { normalizeName } from "../config/normalize-name.ts";
import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import type { PackageSet, UvSettings } from "../config/uv-settings.ts";
import type { LockFacts } from "../facts/find-lock.ts";
import { inProject, type ProjectLocation } from "../facts/project-location.ts";
import type { LockRequest } from "../lock/lock-request.ts";
import { sh } from "../util/sh.ts";
import { compileSource } from "./bytecode.ts";
import { CONSTANT_TIME } from "./constant-time.ts";
import type { ImagePlan, Stage } from "./image-plan.ts";
import { BUILDER, INTERPRETER, PROJECT, PROJECT_DIRECTORY } from "./layout.ts";
import { type Mirror, PROJECT_WHEEL } from "./locked-install.ts";
import { type BuilderParts, buildFileAccess, copyProject, preparation, unique } from "./plan-builder.ts";
import type { DependencyPlan } from "./plan-dependencies.ts";
import type { PackageIndex } from "./plan-indices.ts";
import { planLockedRuntime, type RuntimeParts } from "./plan-runtime.ts";
import { sshAccess } from "./ssh.ts";
import { explained, from, run, type Step } from "./step.ts";

/** What a plan is made of whose dependencies come from a lock. */
export type LockedParts = Readonly<{
  builder: Omit<BuilderParts, "dependencies"> & Readonly<{ dependencies: LockedDependencies }>;
  runtime: RuntimeParts;
  request: LockRequest;
  indices: readonly PackageIndex[];
  mirrors: readonly Mirror[];
}>;

type LockedDependencies = Extract<DependencyPlan, { kind: "locked" }>;

/**
 * Plans everything around dependencies that a lock decides on. The builder only prepares: what takes no compiler, which
 * is all but projects without a wheel, does not wait for it. The project has a stage of its own.
 */
export function planLocked(parts: LockedParts): Pick<ImagePlan, "stages" | "locked"> {
  const { builder, runtime, request, indices, mirrors } = parts;
  const { target, python, distribution, location, install, dependencies } = builder;
  const { stage, at } = planLockedRuntime(runtime);
  const { source, reason } = dependencies.lock;
  return {
    stages: [
      {
        name: BUILDER,
        base: distribution.builderBase(python.version),
        ...(python.origin === undefined ? {} : { origin: python.origin }),
        steps: [WARM_PIP, ...preparation(builder)],
      },
      install === "package" ? projectWheel(builder) : projectSource(builder, stage.base),
      stage,
    ],
    locked: {
      lock: request,
      title: `install the packages of ${source.filename} (${reason})`,
      base: stage.base,
      at,
      ...(install === "package" ? { project: PROJECT } : {}),
      besides: install === "source" ? [PROJECT] : [],
      slim: [...new Set(target.table.slim ?? [])].sort(),
      mirrors,
      indices,
      buildFile: inProject(location, location.buildFile),
      origin: target.table.lock === undefined ? builder.metadataPath : [...target.path, "lock"],
    },
  };
}

/** What is mapped is asked for where the build file says, and an index without TLS must be trusted. */
function plainHttp(mirrors: readonly Mirror[], indices: readonly PackageIndex[]): readonly string[] {
  const trusted = indices.flatMap(({ trustedHost: host }) => (host === undefined ? [] : [`http://${host}/`]));
  return [...mirrors.map(([from]) => from).filter((from) => from.startsWith("http:")), ...trusted];
}

/** What is asked of a lock, and by whom. */
export type LockQuery = Readonly<{
  project: PyProject;
  target: Target;
  lock: LockFacts;
  location: ProjectLocation;
  mirrors: readonly Mirror[];
  indices: readonly PackageIndex[];
}>;

/** Which part of a lock a target installs. */
export function lockRequest({ project, target, lock, location, mirrors, indices }: LockQuery): LockRequest {
  const { extras = [], groups = [], only_groups, member } = target.table;
  const root = member ?? (project.metadata.name || undefined);
  const plain = plainHttp(mirrors, indices);
  return {
    source: lock.source,
    ...(root !== undefined && { root: normalizeName(root) }),
    extras: normalized(extras),
    groups: normalized(groups),
    ...(only_groups !== undefined && { onlyGroups: normalized(only_groups) }),
    directory: location.directory,
    ...(lock.source.filename.endsWith("uv.lock") && uvRules(project.uv)),
    ...(plain.length > 0 && { plainHttp: plain }),
  };
}

/** What uv was told of building packages, as far as it is about any. */
function uvRules({ noBuild, noBinary, specialBuild }: UvSettings): Partial<LockRequest> {
  const isSet = (set: PackageSet): boolean => set === "all" || set.size > 0;
  return {
    ...(isSet(noBuild) && { noBuild }),
    ...(isSet(noBinary) && { noBinary }),
    ...(isSet(specialBuild) && { specialBuild }),
  };
}

function normalized(names: readonly string[]): readonly string[] {
  return [...new Set(names.map(normalizeName))].sort();
}

/**
 * Official images have pip without bytecode. A step that lets it be written once saves each later one, which starts
 * from the same files, from compiling pip anew: a third of the time that building a small project takes. Nothing is
 * asked for, which makes pip load all that it needs to build wheels.
 */
const WARM_PIP: Step = {
  ...run("compile pip", [sh`pip wheel --quiet --no-index --requirement /dev/null`]),
  network: "none",
};

/** The project as a wheel. What its build requires comes from the network, as without a lock. */
function projectWheel(parts: LockedParts["builder"]): Stage {
  const { pip } = parts;
  const access = sshAccess(parts.buildRequires);
  const { before, mounts } = buildFileAccess(parts);
  const commands = [...before, ...access.before, ...pip.before, pip.wheel(sh`${PROJECT_DIRECTORY}`, PROJECT_WHEEL)];
  const build = run("build the project", commands, unique([...pip.mounts, ...access.mounts, ...mounts]));
  return {
    name: PROJECT,
    base: BUILDER,
    steps: [copyProject(parts, lockIn(parts)), from(explained(build, pip.functions), ["build-system"])],
  };
}

/** The project as it is, compiled. The interpreter of the image is enough for that. */
function projectSource(parts: LockedParts["builder"], base: string): Stage {
  const isCompiled = !parts.target.table.slim?.includes("bytecode");
  const compile = run("compile the project", [...compileSource(PROJECT_DIRECTORY, INTERPRETER), SAME_EVERY_TIME]);
  return {
    name: PROJECT,
    base,
    steps: [copyProject(parts, lockIn(parts)), ...(isCompiled ? [{ ...compile, network: "none" } as const] : [])],
  };
}

/**
 * The lock, if it is among the project's files: they do not change with it. One with a name that a pattern would not
 * mean literally is copied.
 */
function lockIn({ location, dependencies, readsHistory }: LockedParts["builder"]): readonly string[] {
  // A file of the repository that is missing is a change of it, and that changes the version.
  if (readsHistory) return [];
  const { filename } = dependencies.lock.source;
  const directory = inProject(location, "");
  return filename.startsWith(directory) && /^[\w./@+-]+$/.test(filename) ? [filename.slice(directory.length)] : [];
}

/** The project's own files keep their times. */
const SAME_EVERY_TIME = sh`find ${PROJECT_DIRECTORY} '(' -type d -o -path ${"*/__pycache__/*"} ')' -exec touch -h -d ${CONSTANT_TIME} {} +`;
