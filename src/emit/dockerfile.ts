import { atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImagePlan, ImageSettings, Stage } from "../plan/image-plan.ts";
import type { CopySource, Mount, Step } from "../plan/step.ts";
import { assertNever } from "../util/assert-never.ts";
import { dockerfileValue, UnsayableError } from "./dockerfile-value.ts";
import { readStep, type StepTable } from "./step-table.ts";

/**
 * The plan as a Dockerfile for people, in the current stable dialect.
 * @throws UserError for values that no Dockerfile can hold, such as a line break in a label.
 */
export function emitDockerfile(plan: ImagePlan, source: SourceText): string {
  const problems: Diagnostic[] = [];
  const lines: Lines = (origin, make) => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof UnsayableError)) throw error;
      problems.push({
        code: "dockerfile.unsayable",
        message: `${error.message}: no Dockerfile can say this, though \`docker build\` with microb can`,
        ...(origin === undefined ? {} : { place: atValue(source, ...origin) }),
      });
      return [];
    }
  };
  const blocks = [
    header(plan),
    ...plan.stages.flatMap((stage) => stageBlocks(stage, lines)),
    settingsBlock(plan.image, lines),
  ].filter((block) => block.length > 0);
  if (problems.length > 0) throw new UserError(...problems);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

/** Makes the lines of one entry; what cannot be said is noted at its origin. */
type Lines = (origin: TomlPath | undefined, make: () => readonly string[]) => readonly string[];

function header({ exclude }: ImagePlan): readonly string[] {
  return [
    "# Made by microb from pyproject.toml.",
    "# microb leaves these out of the build context; .dockerignore must say so for this Dockerfile:",
    ...exclude.map((pattern) => `#   ${pattern}`),
  ];
}

/** A block for each concern; settings that follow each other stand together. */
function stageBlocks({ name, base, steps }: Stage, lines: Lines): readonly (readonly string[])[] {
  const blocks: (readonly string[])[] = [[`FROM ${base} AS ${name}`]];
  let settings: string[] = [];
  for (const step of steps) {
    const text = lines("origin" in step ? step.origin : undefined, () => readStep(STEPS, step));
    if (isSetting(step)) settings = [...settings, ...text];
    else {
      blocks.push(settings, text);
      settings = [];
    }
  }
  return [...blocks, settings];
}

function isSetting(step: Step): boolean {
  return step.kind === "env" || step.kind === "workdir" || step.kind === "user";
}

function settingsBlock({ entrypoint, command, labels }: ImageSettings, lines: Lines): readonly string[] {
  return [
    ...labels.flatMap(({ name, value, origin }) => lines(origin, () => [`LABEL ${name}=${dockerfileValue(value)}`])),
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
    ...(command === undefined ? [] : [`CMD ${JSON.stringify(command)}`]),
  ];
}

/** Every kind of step as lines of a Dockerfile. */
export const STEPS: StepTable<[], readonly string[]> = {
  run: ({ title, mounts, commands }) => {
    const flags = mounts.map(mountFlag);
    const parts = [...flags.map((flag) => `${flag} \\`), ...commands.map((text, index) => text + and(commands, index))];
    return [`# ${title}`, ...parts.map((part, index) => (index === 0 ? `RUN ${part}` : `    ${part}`))];
  },
  copy: ({ title, from, sources, to }) => [`# ${title}`, `COPY ${[...fromFlag(from), ...sources, to].join(" ")}`],
  env: ({ name, value }) => [`ENV ${name}=${dockerfileValue(value)}`],
  workdir: ({ path }) => [`WORKDIR ${path}`],
  user: ({ user }) => [`USER ${user}`],
};

function and(commands: readonly unknown[], index: number): string {
  return index < commands.length - 1 ? " && \\" : "";
}

function fromFlag(from: CopySource): readonly string[] {
  return from.kind === "stage" ? [`--from=${from.name}`] : [];
}

function mountFlag(mount: Mount): string {
  switch (mount.kind) {
    case "cache":
      return `--mount=type=cache,target=${mount.target},sharing=${mount.sharing}`;
    case "context":
      return `--mount=type=bind,source=${plainPath(mount.source)},target=${plainPath(mount.target)}`;
    default:
      return assertNever(mount);
  }
}

function plainPath(path: string): string {
  if (/^[\p{L}\p{N}_./@+-]+$/u.test(path)) return path;
  throw new UnsayableError(`the path ${JSON.stringify(path)} cannot stand in a mount`);
}
