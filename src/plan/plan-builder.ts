import type { Target } from "../config/target.ts";
import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { inProject, type ProjectLocation } from "../facts/project-location.ts";
import { type ShellText, sh, shellLines } from "../util/sh.ts";
import { COMPILE_ALL, COMPILE_NEW, compileSource } from "./bytecode.ts";
import type { Distribution } from "./distribution.ts";
import type { Stage } from "./image-plan.ts";
import { BUILDER, ENVIRONMENT, PROJECT_DIRECTORY } from "./layout.ts";
import type { Pip } from "./pip.ts";
import { type DependencyPlan, requirementTexts } from "./plan-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import { SLIMMING } from "./slim.ts";
import { sshAccess, versionControl } from "./ssh.ts";
import {
  type AddStep,
  type CopyStep,
  type EnvStep,
  env,
  from,
  type Mount,
  type RunStep,
  run,
  type Step,
} from "./step.ts";

/** What the builder stage is made of. */
export type BuilderParts = Readonly<{
  target: Target;
  location: ProjectLocation;
  python: PythonVersion;
  distribution: Distribution;
  environment: readonly EnvStep[];
  files: readonly (CopyStep | AddStep)[];
  /** The table that has the project's own dependencies. */
  metadataPath: TomlPath;
  dependencies: DependencyPlan;
  /** What building the project takes. */
  buildRequires: readonly string[];
  install: InstallMode;
  pip: Pip;
}>;

/** Plans the stage that makes the environment: system packages, dependencies, then the project. */
export function planBuilder(parts: BuilderParts): Stage {
  const { distribution, python, environment, files } = parts;
  const steps: readonly (Step | undefined)[] = [
    installPackages(parts),
    env("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    env("PIP_ROOT_USER_ACTION", "ignore"),
    ...environment,
    ...files,
    run("create the environment", [sh`python -m venv --without-pip ${ENVIRONMENT}`]),
    installDependencies(parts),
    copyProject(parts),
    installProject(parts),
    slim(parts),
  ];
  return {
    name: BUILDER,
    base: distribution.builderBase(python.version),
    ...(python.origin === undefined ? {} : { origin: python.origin }),
    steps: steps.filter((step) => step !== undefined),
  };
}

function installPackages({ target, dependencies, buildRequires, distribution }: BuilderParts): Step | undefined {
  const { build_deps = [], slim = [] } = target.table;
  const tools = versionControl([...requirementTexts(dependencies), ...buildRequires]);
  const packages = [
    ...build_deps,
    ...(tools.git ? ["git"] : []),
    ...(tools.ssh ? ["openssh-client"] : []),
    ...(slim.includes("symbols") ? ["binutils"] : []),
  ];
  if (packages.length === 0) return undefined;
  return from(distribution.installBuildPackages([...new Set(packages)].sort()), [...target.path, "build_deps"]);
}

function installDependencies(parts: BuilderParts): RunStep | undefined {
  const { dependencies, target, pip } = parts;
  const access = sshAccess(requirementTexts(dependencies));
  const step = (title: string, commands: readonly ShellText[], mounts: readonly Mount[] = []): RunStep =>
    run(
      title,
      [...access.before, ...pip.before, ...commands, ...bytecode(parts, COMPILE_ALL)],
      unique([...pip.mounts, ...access.mounts, ...mounts]),
    );
  switch (dependencies.kind) {
    case "with-project":
      return undefined;
    case "requirements": {
      const { requirements } = dependencies;
      if (requirements.length === 0) return undefined;
      const extras = target.table.extras?.length ? ` and extras: ${target.table.extras.join(" ")}` : "";
      const install = pip.install(shellLines(requirements));
      return from(step(`install project.dependencies${extras}`, [install]), [...parts.metadataPath, "dependencies"]);
    }
    case "file": {
      const { paths, namesProject } = dependencies.files;
      const origin = [...target.path, "requirements"];
      const directory = namesProject ? "/tmp/requirements" : "/requirements";
      const mounts = paths.map(
        (path): Mount => ({ kind: "context", source: path, target: `/requirements/${path}`, origin }),
      );
      const install = pip.install(sh`--requirement ${`${directory}/${paths[0] ?? ""}`}`);
      const commands = [...(namesProject ? withoutProject(paths) : []), install];
      return from(step(`install requirements: ${paths[0] ?? ""}`, commands, mounts), origin);
    }
  }
}

/** Exports of Rye and uv name the project's own directory, which is not there yet and is installed later. */
function withoutProject(paths: readonly string[]): readonly ShellText[] {
  const files = paths.map((path) => `/tmp/requirements/${path}`);
  const ownLine = String.raw`/^[[:space:]]*((-e|--editable)[[:space:]=]+)?(file:)?\.\/?(\[[^]]*\])?[[:space:]]*(#.*)?$/d`;
  return [sh`cp -R /requirements /tmp/requirements`, sh`sed -i -E ${ownLine} ${files}`];
}

function copyProject({ location, pip }: BuilderParts): Step {
  const source = location.directory === "" ? "." : location.directory;
  if (!hasBuildFile(pip)) {
    return {
      kind: "copy",
      title: "copy the project",
      from: { kind: "context" },
      sources: [source],
      to: PROJECT_DIRECTORY,
    };
  }
  return run(
    "copy the project without the build file, which holds a password",
    [sh`cp -a /context ${PROJECT_DIRECTORY}`, sh`rm -f ${`${PROJECT_DIRECTORY}/${location.buildFile}`}`],
    [{ kind: "context", source, target: "/context" }],
  );
}

/** Whether steps read the build file from where it is: it must not be copied. */
function hasBuildFile({ mounts }: Pip): boolean {
  return mounts.some(({ kind }) => kind === "build-file");
}

function installProject(parts: BuilderParts): RunStep | undefined {
  const { dependencies, install, pip, location } = parts;
  const access = sshAccess(parts.buildRequires);
  if (install === "source") {
    const commands = bytecode(parts, compileSource(PROJECT_DIRECTORY));
    return commands.length === 0 ? undefined : run("compile the project", commands);
  }
  const isDynamic = dependencies.kind === "with-project";
  const extras = isDynamic && dependencies.extras.length > 0 ? `[${dependencies.extras.join(",")}]` : "";
  const what = isDynamic ? sh`${PROJECT_DIRECTORY + extras}` : sh`--no-deps ${PROJECT_DIRECTORY}`;
  const buildFile = `${PROJECT_DIRECTORY}/pyproject.toml`;
  const mounted: Mount = { kind: "build-file", source: inProject(location, location.buildFile), target: buildFile };
  // Build tools know the file by this name only.
  const isRenamed = location.buildFile !== "pyproject.toml" && !hasBuildFile(pip);
  const rename = isRenamed ? [sh`cp ${`${PROJECT_DIRECTORY}/${location.buildFile}`} ${buildFile}`] : [];
  const step = run(
    isDynamic ? "install the project with its dependencies" : "install the project",
    [...rename, ...access.before, ...pip.before, pip.install(what), ...bytecode(parts, COMPILE_NEW)],
    unique([...pip.mounts, ...access.mounts, ...(hasBuildFile(pip) ? [mounted] : [])]),
  );
  return from(step, ["build-system"]);
}

function slim({ target }: BuilderParts): RunStep | undefined {
  const kinds = [...new Set(target.table.slim ?? [])].sort();
  if (kinds.length === 0) return undefined;
  const step = run(
    `slim: ${kinds.join(" ")}`,
    kinds.map((kind) => SLIMMING[kind]),
  );
  return from(step, [...target.path, "slim"]);
}

/** Nothing is compiled that would be removed again. */
function bytecode({ target }: BuilderParts, commands: readonly ShellText[]): readonly ShellText[] {
  return target.table.slim?.includes("bytecode") ? [] : commands;
}

function unique(mounts: readonly Mount[]): readonly Mount[] {
  return [...new Map(mounts.map((mount) => [JSON.stringify(mount), mount])).values()];
}
