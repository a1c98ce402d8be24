import type { Target } from "../config/target.ts";
import { type ShellText, sh } from "../util/sh.ts";
import { CONSTANT_TIME } from "./constant-time.ts";
import type { Distribution } from "./distribution.ts";
import type { Stage } from "./image-plan.ts";
import { BUILDER, ENVIRONMENT, HOME, PROJECT, PROJECT_DIRECTORY, USER_ID, USER_NAME } from "./layout.ts";
import type { InstallMode } from "./plan-install.ts";
import type { PythonVersion } from "./python-version.ts";
import { type AddStep, type CopyStep, type EnvStep, env, from, offline, type RunStep, run, type Step } from "./step.ts";

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
  /** Whether the project's package is in the directory `src`. */
  hasSourceLayout: boolean;
  /** Whether steps that need no network have none. */
  isolated: boolean;
}>;

/** Plans the stage that becomes the image: no compilers, no pip, and a user who is not root. */
export function planRuntime(parts: RuntimeParts): Stage {
  return runtimeStage(parts, [
    ...systemPackages(parts),
    createUser(parts),
    copy("copy the environment", BUILDER, ENVIRONMENT, ENVIRONMENT),
    ...(parts.install === "source" ? [copySource(BUILDER)] : []),
    ...parts.files,
    ...settings(parts),
    { kind: "workdir", path: HOME },
    { kind: "user", user: `${USER_ID}:${USER_ID}` },
  ]);
}

/** The same stage without an environment, and the number of the step before which that belongs. */
export type RuntimeFrame = Readonly<{ stage: Stage; at: number }>;

/** Plans the stage for dependencies from a lock. Nothing changes the filesystem after them that can be done before. */
export function planLockedRuntime(parts: RuntimeParts): RuntimeFrame {
  const user = createUser(parts, SAME_EVERY_DAY);
  const before: readonly Step[] = [...systemPackages(parts), user, { kind: "workdir", path: HOME }];
  const after: readonly Step[] = [
    ...(parts.install === "source" ? [copySource(PROJECT)] : []),
    ...parts.files,
    ...settings(parts),
    { kind: "user", user: `${USER_ID}:${USER_ID}` },
  ];
  return { stage: runtimeStage(parts, [...before, ...after]), at: before.length };
}

function systemPackages({ target, distribution }: RuntimeParts): readonly Step[] {
  const packages = [...new Set(target.table.system_deps ?? [])].sort();
  if (packages.length === 0) return [];
  return [from(distribution.installSystemPackages(packages), [...target.path, "system_deps"])];
}

function createUser({ distribution, isolated }: RuntimeParts, after: readonly ShellText[] = []): RunStep {
  return offline(run(`create the user ${USER_NAME}`, [...distribution.createUser, ...after]), isolated);
}

/** Takes the day out of the entry of the user (the third field counts days; this is 1980-01-01), and the time out of all files that know of the user. */
const SAME_EVERY_DAY: readonly ShellText[] = [
  sh`sed -i -E ${`s/^(${USER_NAME}:[^:]*):[0-9]+:/\\1:3652:/`} /etc/shadow`,
  sh`touch -c -d ${CONSTANT_TIME} /etc /etc/.pwd.lock /etc/passwd* /etc/group* /etc/*shadow* /etc/sub?id* /home ${HOME}`,
];

function settings({ environment, install, hasSourceLayout }: RuntimeParts): readonly EnvStep[] {
  // A package below src is found as if it were installed.
  const path = install === "source" && hasSourceLayout ? [env("PYTHONPATH", `${HOME}/src`)] : [];
  return [
    { kind: "env", name: "PATH", value: [`${ENVIRONMENT}/bin:`, { name: "PATH", operand: [] }] },
    ...[env("PYTHONUNBUFFERED", "1"), env("PYTHONFAULTHANDLER", "1"), ...path].filter(
      ({ name }) => !environment.some((step) => step.name === name),
    ),
    ...environment,
  ];
}

function runtimeStage({ python, distribution }: RuntimeParts, steps: readonly Step[]): Stage {
  return {
    name: RUNTIME,
    base: distribution.runtimeBase(python.version),
    ...(python.origin === undefined ? {} : { origin: python.origin }),
    steps,
  };
}

function copySource(stage: string): CopyStep {
  return copy("copy the project", stage, `${PROJECT_DIRECTORY}/`, `${HOME}/`);
}

function copy(title: string, stage: string, path: string, to: string): CopyStep {
  return { kind: "copy", title, from: { kind: "stage", name: stage }, sources: [path], to };
}
