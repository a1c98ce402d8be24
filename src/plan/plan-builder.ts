import type { Target } from "../config/target.ts";
import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { inProject, type ProjectLocation } from "../facts/project-location.ts";
import { type ShellText, sh, shellLines } from "../util/sh.ts";
import { COMPILE_ALL, COMPILE_NEW, compileSource } from "./bytecode.ts";
import type { Distribution } from "./distribution.ts";
import type { Stage } from "./image-plan.ts";
import { installRequirements } from "./install-requirements.ts";
import { BUILDER, ENVIRONMENT, PROJECT_DIRECTORY } from "./layout.ts";
import type { Pip } from "./pip.ts";
import { type DependencyPlan, requirementTexts } from "./plan-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import { isPlain } from "./secret-files.ts";
import { slimming } from "./slim.ts";
import { type SshAccess, sshAccess, versionControl } from "./ssh.ts";
import {
  type AddStep,
  type CopyStep,
  type EnvStep,
  env,
  explained,
  from,
  type Mount,
  offline,
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
  /** Whether building the project reads the history of its repository. */
  readsHistory: boolean;
  pip: Pip;
  /** The paths in the context of files that have a password in them. */
  secrets: readonly string[];
  /** Whether steps that need no network have none. */
  isolated: boolean;
}>;

/** Plans the stage that makes the environment: system packages, dependencies, then the project. */
export function planBuilder(parts: BuilderParts): Stage {
  const { distribution, python } = parts;
  const dependencies = installDependencies(parts);
  const installs = dependencies.length > 0 || parts.install === "package";
  const steps: readonly (Step | undefined)[] = [
    ...preparation(parts),
    ...(installs ? parts.pip.setup.map((step) => from(step, [...parts.target.path, "installer"])) : []),
    offline(run("create the environment", [sh`python -m venv --without-pip ${ENVIRONMENT}`]), parts.isolated),
    ...dependencies,
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

/** What is there before anything of the project is: packages, variables and files. */
export function preparation(parts: Preparation): readonly Step[] {
  const packages = installPackages(parts);
  return [
    ...(packages === undefined ? [] : [packages]),
    env("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    env("PIP_ROOT_USER_ACTION", "ignore"),
    ...parts.environment,
    ...parts.files,
  ];
}

type Preparation = Omit<
  BuilderParts,
  "python" | "location" | "metadataPath" | "install" | "pip" | "secrets" | "isolated"
>;

function installPackages(parts: Preparation): Step | undefined {
  const { target, dependencies, buildRequires, distribution, readsHistory } = parts;
  const { build_deps = [], slim = [] } = target.table;
  const tools = versionControl([...requirementTexts(dependencies), ...buildRequires]);
  const packages = [
    ...build_deps,
    ...(tools.git || (readsHistory && !distribution.builderHasGit) ? ["git"] : []),
    ...(tools.ssh ? ["openssh-client"] : []),
    ...(slim.includes("symbols") ? ["binutils"] : []),
  ];
  if (packages.length === 0) return undefined;
  return from(distribution.installBuildPackages([...new Set(packages)].sort()), [...target.path, "build_deps"]);
}

function installDependencies(parts: BuilderParts): readonly RunStep[] {
  const { dependencies, target, pip } = parts;
  const access = sshAccess(requirementTexts(dependencies));
  const step = (title: string, commands: readonly ShellText[], mounts: readonly Mount[] = []): RunStep =>
    explained(
      run(
        title,
        [...access.before, ...pip.before, ...commands, ...bytecode(parts, COMPILE_ALL)],
        unique([...pip.mounts, ...access.mounts, ...mounts]),
      ),
      pip.functions,
    );
  switch (dependencies.kind) {
    case "with-project":
    case "locked":
      return [];
    case "requirements": {
      const { requirements } = dependencies;
      if (requirements.length === 0) return [];
      const extras = target.table.extras?.length ? ` and extras: ${target.table.extras.join(" ")}` : "";
      const install = pip.install(shellLines(requirements));
      return [from(step(`install project.dependencies${extras}`, [install]), [...parts.metadataPath, "dependencies"])];
    }
    case "file": {
      const origin = [...target.path, "requirements"];
      return installRequirements(dependencies.files, pip, dependencies.requirements).map(
        ({ title, mounts, before, what }) =>
          from(
            step(
              title,
              [...before, pip.install(what)],
              mounts.map((mount) => ({ ...mount, origin })),
            ),
            origin,
          ),
      );
    }
  }
}

/** Copies the project to where it is built, but for files of it (by their paths there) that others have read already. */
export function copyProject(parts: Copied, others: readonly string[] = []): Step {
  const { location, install, secrets } = parts;
  const source = location.directory === "" ? "." : location.directory;
  const own = inProject(location, "");
  // A package may read its requirements when it is built. They do not get into the image.
  const hidden = install === "source" ? secrets.filter((path) => path.startsWith(own)) : [];
  const except = [...new Set([...others, ...hidden.map((path) => path.slice(own.length))])];
  const hidesIt = hidesBuildFile(parts);
  if (!hidesIt && except.every(isPlain)) {
    return {
      kind: "copy",
      title: "copy the project",
      from: { kind: "context" },
      sources: [source],
      to: PROJECT_DIRECTORY,
      ...(except.length > 0 && { except }),
    };
  }
  return run(
    `copy the project without ${hidesIt ? "the build file, which holds" : "files that hold"} a password`,
    [
      sh`cp -a /context ${PROJECT_DIRECTORY}`,
      sh`rm -f ${[...new Set([...(hidesIt ? [location.buildFile] : []), ...except])].map((path) => `${PROJECT_DIRECTORY}/${path}`)}`,
    ],
    [{ kind: "context", source, target: "/context" }],
  );
}

type Copied = Pick<BuilderParts, "location" | "pip" | "install" | "secrets">;

/** Whether steps read the build file from where it is: it has a password in it, and must not be copied. */
export function hidesBuildFile({ location, pip, secrets }: Omit<Copied, "install">): boolean {
  const isRead = pip.mounts.some(({ kind }) => kind === "build-file");
  return isRead || secrets.includes(inProject(location, location.buildFile));
}

/** What makes the build file be where build tools look for it: next to the project, by its usual name. */
export function buildFileAccess(parts: Omit<Copied, "install">): SshAccess {
  const { location } = parts;
  const target = `${PROJECT_DIRECTORY}/pyproject.toml`;
  if (hidesBuildFile(parts)) {
    return { before: [], mounts: [{ kind: "build-file", source: inProject(location, location.buildFile), target }] };
  }
  const isRenamed = location.buildFile !== "pyproject.toml";
  return { before: isRenamed ? [sh`cp ${`${PROJECT_DIRECTORY}/${location.buildFile}`} ${target}`] : [], mounts: [] };
}

function installProject(parts: BuilderParts): RunStep | undefined {
  const { dependencies, install, pip } = parts;
  const access = sshAccess(parts.buildRequires);
  if (install === "source") {
    const commands = bytecode(parts, compileSource(PROJECT_DIRECTORY));
    return commands.length === 0 ? undefined : offline(run("compile the project", commands), parts.isolated);
  }
  const asked = dependencies.kind === "with-project" || dependencies.kind === "file" ? dependencies.extras : undefined;
  const isDynamic = asked !== undefined;
  const extras = isDynamic && asked.length > 0 ? `[${asked.join(",")}]` : "";
  const what = isDynamic ? sh`${PROJECT_DIRECTORY + extras}` : sh`--no-deps ${PROJECT_DIRECTORY}`;
  const { mounts, before } = buildFileAccess(parts);
  const step = run(
    isDynamic ? "install the project with its dependencies" : "install the project",
    [...before, ...access.before, ...pip.before, pip.install(what), ...bytecode(parts, COMPILE_NEW)],
    unique([...pip.mounts, ...access.mounts, ...mounts]),
  );
  return from(explained(step, pip.functions), ["build-system"]);
}

function slim({ target, isolated }: BuilderParts): RunStep | undefined {
  const kinds = [...new Set(target.table.slim ?? [])].sort();
  if (kinds.length === 0) return undefined;
  const step = run(
    `slim: ${kinds.join(" ")}`,
    kinds.map((kind) => slimming(kind)),
  );
  return from(offline(step, isolated), [...target.path, "slim"]);
}

/** Nothing is compiled that would be removed again. */
function bytecode({ target }: BuilderParts, commands: readonly ShellText[]): readonly ShellText[] {
  return target.table.slim?.includes("bytecode") ? [] : commands;
}

/** Each mount once. */
export function unique(mounts: readonly Mount[]): readonly Mount[] {
  return [...new Map(mounts.map((mount) => [JSON.stringify(mount), mount])).values()];
}
