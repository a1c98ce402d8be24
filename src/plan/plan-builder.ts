import type { Target } from "../config/target.ts";
import { raw, type ShellText, sh, shellLines } from "../util/sh.ts";
import type { Distribution } from "./distribution.ts";
import type { Stage } from "./image-plan.ts";
import { type DependencyPlan, versionControlPackages } from "./plan-dependencies.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import { type EnvStep, env, from, type Mount, type RunStep, run, type Step } from "./step.ts";
import { ENVIRONMENT, HOME } from "./user.ts";

/** The stage with compilers, which is thrown away. */
export const BUILDER = "builder";

/** Where the builder keeps the project's source. */
export const PROJECT_DIRECTORY = "/projectdir";

const PYTHON = `${ENVIRONMENT}/bin/python`;
const PIP_CACHE: Mount = { kind: "cache", target: "/root/.cache/pip", sharing: "shared" };

/** What the builder stage is made of. */
export type BuilderParts = Readonly<{
  target: Target;
  python: PythonVersion;
  distribution: Distribution;
  environment: readonly EnvStep[];
  dependencies: DependencyPlan;
  install: InstallMode;
}>;

/** Plans the stage that makes the environment: system packages, dependencies, then the project. */
export function planBuilder(parts: BuilderParts): Stage {
  const { target, python, distribution, environment, dependencies, install } = parts;
  const packages = [...new Set([...(target.table.build_deps ?? []), ...versionControlPackages(dependencies)])].sort();
  const steps: readonly (Step | undefined)[] = [
    packages.length > 0 ? from(distribution.installBuildPackages(packages), [...target.path, "build_deps"]) : undefined,
    env("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    env("PIP_ROOT_USER_ACTION", "ignore"),
    ...environment,
    run("create the environment", [sh`python -m venv --without-pip ${ENVIRONMENT}`]),
    installDependencies(dependencies, target),
    {
      kind: "copy",
      title: "copy the project",
      from: { kind: "context" },
      sources: ["."],
      to: PROJECT_DIRECTORY,
    },
    ...installProject(dependencies, install),
  ];
  return {
    name: BUILDER,
    base: distribution.builderBase(python.version),
    ...(python.origin === undefined ? {} : { origin: python.origin }),
    steps: steps.filter((step) => step !== undefined),
  };
}

function installDependencies(dependencies: DependencyPlan, target: Target): RunStep | undefined {
  switch (dependencies.kind) {
    case "with-project":
      return undefined;
    case "requirements": {
      const { requirements } = dependencies;
      if (requirements.length === 0) return undefined;
      const extras = target.table.extras?.length ? ` and extras: ${target.table.extras.join(" ")}` : "";
      const step = run(
        `install project.dependencies${extras}`,
        [pipInstall(shellLines(requirements)), compileAll, markCompiled],
        [PIP_CACHE],
      );
      return from(step, ["project", "dependencies"]);
    }
    case "file": {
      const { paths, namesProject } = dependencies.files;
      const origin = [...target.path, "requirements"];
      const directory = namesProject ? "/tmp/requirements" : "/requirements";
      const mounts = paths.map(
        (path): Mount => ({ kind: "context", source: path, target: `/requirements/${path}`, origin }),
      );
      const install = pipInstall(sh`--requirement ${`${directory}/${paths[0] ?? ""}`}`);
      const commands = [...(namesProject ? withoutProject(paths) : []), install, compileAll, markCompiled];
      return from(run(`install requirements: ${paths[0] ?? ""}`, commands, [PIP_CACHE, ...mounts]), origin);
    }
  }
}

/** Exports of Rye and uv name the project's own directory, which is not there yet and is installed later. */
function withoutProject(paths: readonly string[]): readonly ShellText[] {
  const files = paths.map((path) => `/tmp/requirements/${path}`);
  const ownLine = String.raw`/^[[:space:]]*((-e|--editable)[[:space:]=]+)?(file:)?\.\/?(\[[^]]*\])?[[:space:]]*(#.*)?$/d`;
  return [sh`cp -R /requirements /tmp/requirements`, sh`sed -i -E ${ownLine} ${files}`];
}

function installProject(dependencies: DependencyPlan, install: InstallMode): readonly RunStep[] {
  if (install === "source") {
    return [run("compile the project", [compile(sh`-d ${HOME} ${PROJECT_DIRECTORY}`)])];
  }
  const isDynamic = dependencies.kind === "with-project";
  const extras = isDynamic && dependencies.extras.length > 0 ? `[${dependencies.extras.join(",")}]` : "";
  const what = isDynamic ? sh`${PROJECT_DIRECTORY + extras}` : sh`--no-deps ${PROJECT_DIRECTORY}`;
  const title = isDynamic ? "install the project with its dependencies" : "install the project";
  return [run(title, [pipInstall(what), compileNew], [PIP_CACHE])];
}

function pipInstall(what: ShellText): ShellText {
  return sh`pip --python ${PYTHON} install --no-compile ${raw(what)}`;
}

/**
 * Bytecode that stays valid whatever becomes of the files' times (PEP 552), from a fixed environment so that it is the
 * same every time. compileall exits with 1 for files that do not compile: those are the packages' own affair.
 */
function compile(what: ShellText): ShellText {
  const compiler = sh`env -i PYTHONHASHSEED=0 ${PYTHON} -m compileall -q --invalidation-mode unchecked-hash`;
  return sh`{ ${raw(compiler)} ${raw(what)} || [ $? -eq 1 ]; }`;
}

const LIBRARY = `${ENVIRONMENT}/lib`;
const compileAll = compile(sh`${LIBRARY}`);
/** Its time tells what was there when the dependencies had been compiled. */
const MARK = `${ENVIRONMENT}/pyvenv.cfg`;
const markCompiled = sh`touch ${MARK}`;
const compileNew = sh`{ find ${LIBRARY} -name ${"*.py"} -newer ${MARK} -exec env -i PYTHONHASHSEED=0 ${PYTHON} -m compileall -q --invalidation-mode unchecked-hash {} + || [ $? -eq 1 ]; }`;
