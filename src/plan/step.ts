import type { TomlPath } from "../diagnostic/diagnostic.ts";
import type { Template } from "../substitution/template.ts";
import type { ShellText } from "../util/sh.ts";

/**
 * One thing that is done to a stage's filesystem or settings. Every kind has a Dockerfile reading and an LLB reading
 * of the same effect; a kind without both does not compile (`StepTable` in `emit/`).
 */
export type Step = RunStep | CopyStep | AddStep | EnvStep | WorkdirStep | UserStep | UnitStep | LayersStep;

/** Runs shell commands one after another; the first that fails fails the step. */
export type RunStep = Readonly<{
  kind: "run";
  /** What the step does: its name in the progress display, the comment above it in a Dockerfile. One line. */
  title: string;
  commands: readonly ShellText[];
  /** Definitions of shell functions that the commands call. */
  functions?: readonly ShellText[];
  /** Whether a failure is explained in the last lines of the step's output. It takes a Python, and changes no file. */
  isExplained?: boolean;
  mounts: readonly Mount[];
  /** `none` if it needs no network; by default it has what the build gives to every command. */
  network?: "none";
  origin?: TomlPath;
}>;

/** Copies files. A directory's content is copied, not the directory; a wildcard may match several. */
export type CopyStep = Readonly<{
  kind: "copy";
  title: string;
  from: CopySource;
  sources: readonly string[];
  to: string;
  /** `user[:group]`, by number or name; root by default. */
  owner?: string;
  /** Octal permissions of all that is copied; as they are by default. */
  mode?: string;
  /** Files of the one source directory that stay behind: a change of theirs changes nothing here. No patterns. */
  except?: readonly string[];
  origin?: TomlPath;
}>;

/** Downloads a file, or copies files of the build context and unpacks those that are archives. */
export type AddStep = Readonly<{
  kind: "add";
  title: string;
  source: AddSource;
  to: string;
  /** What a download must have, as `sha256:…`. */
  checksum?: string;
  owner?: string;
  mode?: string;
  origin?: TomlPath;
}>;

/** Sets an environment variable for the steps that follow and for the image. Its value sees those set before. */
export type EnvStep = Readonly<{ kind: "env"; name: string; value: Template; origin?: TomlPath }>;

/** Sets the working directory, which is made if it does not exist. */
export type WorkdirStep = Readonly<{ kind: "workdir"; path: string }>;

/** Sets the user of the steps that follow and of the image, as `uid:gid`. */
export type UserStep = Readonly<{ kind: "user"; user: string }>;

/**
 * Makes a tree of files apart from everything else: a program without network and without the user's variables fills the
 * empty directory {@link UNIT_OUT}. It is the only step of its stage. Only the tree is used: a {@link LayersStep} lays it over
 * a root filesystem.
 */
export type UnitStep = Readonly<{
  kind: "unit";
  title: string;
  /** The words of the command. */
  args: readonly string[];
  /** All of its environment, as NAME=VALUE. */
  env: readonly string[];
  inputs: readonly UnitInput[];
  origin?: TomlPath;
}>;

/** Something that a unit reads; `target` is its path there. */
export type UnitInput =
  /** A download that must have a checksum, as `sha256:…`. The target ends with the name of the file. */
  | Readonly<{ kind: "download"; url: string; checksum: string; target: string }>
  /** A file of ours. */
  | Readonly<{ kind: "text"; name: string; text: string; target: string }>
  /** A file or directory of a stage. */
  | Readonly<{ kind: "stage"; stage: string; source: string; target: string; key: InputKey }>
  /** The tree that another unit made. */
  | Readonly<{ kind: "tree"; stage: string; target: string; key: InputKey }>;

/**
 * What tells whether an input is the one of an earlier build: what is in it, which has to be read, or the steps that
 * made it. Daemons that cannot tell by steps read everything.
 */
export type InputKey = "content" | "steps";

/** Lays the trees of units over the root filesystem, each as a layer of its own; the later ones win. */
export type LayersStep = Readonly<{ kind: "layers"; title: string; stages: readonly string[]; origin?: TomlPath }>;

/** The directory that units fill. */
export const UNIT_OUT = "/out";

/** Where files come from. */
export type CopySource =
  | Readonly<{ kind: "context" }>
  | Readonly<{ kind: "stage"; name: string }>
  /** A named context of the build if it has one of this name, else an image. */
  | Readonly<{ kind: "image"; reference: string }>;

/** What is added: a path of the build context, or a file behind a URL, with the name that it gets in a directory. */
export type AddSource =
  | Readonly<{ kind: "context"; path: string }>
  | Readonly<{ kind: "download"; url: string; name: string }>;

/** What a run step sees besides its filesystem. None of it is left after the step. */
export type Mount =
  /** A directory kept from build to build; `locked` makes concurrent builds wait for each other. */
  | Readonly<{ kind: "cache"; target: string; sharing: "shared" | "locked" }>
  /** A file or directory of the build context, read-only. */
  | Readonly<{ kind: "context"; target: string; source: string; origin?: TomlPath }>
  /** A secret of the build as a file that only root can read; nothing is there if it was not given. */
  | Readonly<{ kind: "secret"; id: string; target: string; origin?: TomlPath }>
  /** The build file, straight from the client: for what must not be copied into a layer. `source` is its path in the context. */
  | Readonly<{ kind: "build-file"; target: string; source: string }>
  /** The agent of the build, for ssh; `SSH_AUTH_SOCK` names it. Nothing is there if it was not given. */
  | Readonly<{ kind: "ssh"; origin?: TomlPath }>;

/** A {@link RunStep}. */
export function run(title: string, commands: readonly ShellText[], mounts: readonly Mount[] = []): RunStep {
  return { kind: "run", title, commands, mounts };
}

/** A step that installs or builds something: it may call functions, and what it fails for is explained. */
export function explained(step: RunStep, functions: readonly ShellText[]): RunStep {
  return { ...step, ...(functions.length > 0 && { functions }), isExplained: true };
}

/** A step that needs no network; without one if that is asked for. */
export function offline(step: RunStep, isolated: boolean): RunStep {
  return isolated ? { ...step, network: "none" } : step;
}

/** An {@link EnvStep} with a value that is taken literally. */
export function env(name: string, value: string): EnvStep {
  return { kind: "env", name, value: [value] };
}

/** A step that knows which entry of the build file it is there for. */
export function from<S extends Step>(step: S, origin: TomlPath): S {
  return { ...step, origin };
}
