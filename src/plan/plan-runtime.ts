import type { Target } from "../config/target.ts";
import type { Distribution } from "./distribution.ts";
import type { Stage } from "./image-plan.ts";
import { BUILDER, ENVIRONMENT, HOME, PROJECT_DIRECTORY, USER_ID, USER_NAME } from "./layout.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import { type AddStep, type CopyStep, type EnvStep, env, from, run, type Step } from "./step.ts";

/** The stage that becomes the image. */
export const RUNTIME = "runtime";

/** What the runtime stage is made of. */
export type RuntimeParts = Readonly<{
  target: Target;
  python: PythonVersion;
  distribution: Distribution;
  environment: readonly EnvStep[];
  files: readonly (CopyStep | AddStep)[];
  install: InstallMode;
}>;

/** Plans the stage that becomes the image: no compilers, no pip, and a user who is not root. */
export function planRuntime({ target, python, distribution, environment, files, install }: RuntimeParts): Stage {
  const packages = [...new Set(target.table.system_deps ?? [])].sort();
  const settings: readonly EnvStep[] = [
    { kind: "env", name: "PATH", value: [`${ENVIRONMENT}/bin:`, { name: "PATH", operand: [] }] },
    ...[env("PYTHONUNBUFFERED", "1"), env("PYTHONFAULTHANDLER", "1")].filter(
      ({ name }) => !environment.some((step) => step.name === name),
    ),
    ...environment,
  ];
  const steps: readonly (Step | undefined)[] = [
    packages.length > 0
      ? from(distribution.installSystemPackages(packages), [...target.path, "system_deps"])
      : undefined,
    run(`create the user ${USER_NAME}`, distribution.createUser),
    copyFromBuilder("copy the environment", ENVIRONMENT, ENVIRONMENT),
    install === "source" ? copyFromBuilder("copy the project", `${PROJECT_DIRECTORY}/`, `${HOME}/`) : undefined,
    ...files,
    ...settings,
    { kind: "workdir", path: HOME },
    { kind: "user", user: `${USER_ID}:${USER_ID}` },
  ];
  return {
    name: RUNTIME,
    base: distribution.runtimeBase(python.version),
    ...(python.origin === undefined ? {} : { origin: python.origin }),
    steps: steps.filter((step) => step !== undefined),
  };
}

function copyFromBuilder(title: string, path: string, to: string): CopyStep {
  return { kind: "copy", title, from: { kind: "stage", name: BUILDER }, sources: [path], to };
}
