import { atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImagePlan, ImageSettings, Stage } from "../plan/image-plan.ts";
import { type CopySource, type Mount, type Step, UNIT_OUT, type UnitInput } from "../plan/step.ts";
import { assertNever } from "../util/assert-never.ts";
import { maskText } from "../util/mask.ts";
import { type ShellText, sh } from "../util/sh.ts";
import { dockerfileValue, UnsayableError } from "./dockerfile-value.ts";
import { requireComplete } from "./require-complete.ts";
import { readStep, type StepTable } from "./step-table.ts";

/**
 * The plan as a Dockerfile for people, in the current stable dialect.
 * @throws UserError for values that no Dockerfile can hold, such as a line break in a label.
 */
export function emitDockerfile(plan: ImagePlan, source: SourceText): string {
  requireComplete(plan);
  // An entry that is in both stages is one problem.
  const problems = new Map<string, Diagnostic>();
  const lines: Lines = (origin, make) => {
    try {
      const made = make();
      if (made.some((text) => LINE_BREAK.test(text))) throw new UnsayableError("a line break in a word");
      if (made.some((text) => text.split("\n").some((line) => Buffer.byteLength(line) > MAX_LINE))) {
        throw new UnsayableError("a line of more than 60 KiB");
      }
      return made;
    } catch (error) {
      if (!(error instanceof UnsayableError)) throw error;
      problems.set(`${origin?.join("\0")} ${error.message}`, {
        code: "dockerfile.unsayable",
        message: `${error.message}: a Dockerfile cannot express this, but \`docker build\` with microb can build it`,
        ...(origin === undefined ? {} : { place: atValue(source, ...origin) }),
      });
      return [];
    }
  };
  const blocks = [
    header(plan),
    ...textBlocks(plan),
    ...plan.stages.flatMap((stage, index) => stageBlocks(stage, lines, index === 0 ? plan.pythonReason : undefined)),
    ...settingsBlocks(plan.image, lines),
  ].filter((block) => block.length > 0);
  if (problems.size > 0) throw new UserError([...problems.values()]);
  return `${blocks.map((block) => block.join("\n")).join("\n\n")}\n`;
}

/** Older readers of Dockerfiles end at 64 KiB (`bufio.MaxScanTokenSize`). */
const MAX_LINE = 60 * 1024;

/** The end of a line that is not continued as our own are: what follows would be an instruction. */
const LINE_BREAK = /\r|(?<! \\)\n|\n(?! {8})/;

/** Makes the lines of one entry; what cannot be said is noted at its origin. */
type Lines = (origin: TomlPath | undefined, make: () => readonly string[]) => readonly string[];

function header({ exclude }: ImagePlan): readonly string[] {
  return [
    "# Made by microb from pyproject.toml.",
    "# microb leaves these out of the build context; .dockerignore must say so for this Dockerfile:",
    ...exclude.map((pattern) => comment(`  ${pattern}`)),
  ];
}

/** Files of ours that units read, each as the only file of a stage of that name. */
function textBlocks({ stages }: ImagePlan): readonly (readonly string[])[] {
  const inputs = stages.flatMap(({ steps }) => steps).flatMap((step) => (step.kind === "unit" ? step.inputs : []));
  const texts = new Map(inputs.flatMap((input) => (input.kind === "text" ? [[input.name, input.text] as const] : [])));
  return [...texts].map(([name, text]) => [
    `FROM scratch AS ${name}`,
    `COPY --chmod=0644 <<'${END_OF_TEXT}' /${name}`,
    ...text.replace(/\n$/, "").split("\n"),
    END_OF_TEXT,
  ]);
}

/** Ends a file within a Dockerfile: no line of ours. */
const END_OF_TEXT = "END_OF_TEXT";

/** A block for each concern; settings that follow each other stand together, below the key they come from. */
function stageBlocks(
  { name, base, platform, steps, origin }: Stage,
  lines: Lines,
  reason: string | undefined,
): readonly (readonly string[])[] {
  const flag = platform === "build" ? "--platform=$BUILDPLATFORM " : "";
  const blocks: (readonly string[])[] = [
    [...(reason === undefined ? [] : [comment(reason)]), ...lines(origin, () => [`FROM ${flag}${base} AS ${name}`])],
  ];
  let previous = "";
  for (const step of steps) {
    const text = lines("origin" in step ? step.origin : undefined, () => readStep(STEPS, step));
    const key = settingKey(step);
    if (key !== undefined && key === previous) blocks.push([...(blocks.pop() ?? []), ...text]);
    else blocks.push(key ? [`# ${key}`, ...text] : text);
    previous = key ?? "";
  }
  return blocks;
}

/** The key that a setting comes from, or what else it is for; other steps have a title. */
function settingKey(step: Step): string | undefined {
  switch (step.kind) {
    case "env":
      return step.origin === undefined ? "settings" : "env";
    case "workdir":
    case "user":
      return "start";
    default:
      return undefined;
  }
}

function settingsBlocks({ entrypoint, command, labels }: ImageSettings, lines: Lines): readonly (readonly string[])[] {
  return [
    [
      ...(entrypoint === undefined ? [] : lines(undefined, () => [`ENTRYPOINT ${execForm(entrypoint)}`])),
      ...(command === undefined ? [] : lines(undefined, () => [`CMD ${execForm(command)}`])),
    ],
    [
      "# labels",
      ...labels.flatMap(({ name, value, origin }) => lines(origin, () => [`LABEL ${name}=${dockerfileValue(value)}`])),
    ],
  ];
}

/** A line that is no instruction, whatever it says. */
function comment(text: string): string {
  return `# ${maskText(text).replace(/[\r\n]+/g, " ")}`;
}

/**
 * A command of ours, in which a user's text has no line break: even in quotes it would end the instruction. Outside of
 * quotes lines are continued, which is the same to a shell and to a Dockerfile. Functions have no text of a user.
 */
function onOneLine(command: ShellText): ShellText {
  const words = command.match(/\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"/g) ?? [];
  if (words.some((word) => !word.startsWith("\\") && /[\r\n]/.test(word))) {
    throw new UnsayableError("a line break in a word of a command");
  }
  return command;
}

function execForm(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}

/** Every kind of step as lines of a Dockerfile. */
export const STEPS: StepTable<[], readonly string[]> = {
  run: ({ title, mounts, commands, functions = [], network }) => {
    const flags = [...(network === undefined ? [] : [`--network=${network}`]), ...mounts.map(mountFlag)];
    const all = [...functions, ...commands.map(onOneLine)];
    const parts = [...flags.map((flag) => `${flag} \\`), ...all.map((text, index) => text + and(all, index))];
    return [comment(title), ...parts.map((part, index) => (index === 0 ? `RUN ${part}` : `    ${part}`))];
  },
  copy: ({ title, from, sources, to, except = [], ...ownership }) => {
    const excluded = except.map((path) => `--exclude=${plainPath(path)}`);
    const flags = [...fromFlag(from), ...excluded, ...ownershipFlags(ownership)];
    return [comment(title), ["COPY", ...flags, pathWords([...sources.map(onlyPath), to])].join(" ")];
  },
  add: ({ title, source, to, checksum, ...ownership }) => {
    const flags = [...(checksum === undefined ? [] : [`--checksum=${checksum}`]), ...ownershipFlags(ownership)];
    return [
      comment(title),
      ["ADD", ...flags, pathWords([source.kind === "download" ? source.url : onlyPath(source.path), to])].join(" "),
    ];
  },
  env: ({ name, value }) => [`ENV ${name}=${dockerfileValue(value)}`],
  workdir: ({ path }) => [`WORKDIR ${path}`],
  user: ({ user }) => [`USER ${user}`],
  unit: ({ title, args, env, inputs }) => {
    const parts = [...inputs.flatMap(unitMountFlags), sh`mkdir ${UNIT_OUT} &&`, onOneLine(sh`env -i ${env} ${args}`)];
    return [
      comment(title),
      ...inputs.flatMap((input) => (input.kind === "download" ? [download(input)] : [])),
      ...["RUN --network=none", ...parts.map((part) => `    ${part}`)].map(
        (line, index) => line + (index < parts.length ? " \\" : ""),
      ),
    ];
  },
  layers: ({ title, stages }) => [comment(title), ...stages.map((name) => `COPY --link --from=${name} ${UNIT_OUT}/ /`)],
};

function download({ url, checksum, target }: Extract<UnitInput, { kind: "download" }>): string {
  return `ADD --checksum=${checksum} --chmod=0644 ${pathWords([url, target])}`;
}

function unitMountFlags(input: UnitInput): readonly string[] {
  const flag = (stage: string, source: string): readonly string[] => [
    `--mount=type=bind,from=${stage},source=${source},target=${plainPath(input.target)}`,
  ];
  switch (input.kind) {
    case "download":
      return [];
    case "text":
      return flag(input.name, `/${input.name}`);
    case "stage":
      return flag(input.stage, plainPath(input.source));
    case "tree":
      return flag(input.stage, UNIT_OUT);
    default:
      return assertNever(input);
  }
}

function and(commands: readonly unknown[], index: number): string {
  return index < commands.length - 1 ? " && \\" : "";
}

function fromFlag(from: CopySource): readonly string[] {
  switch (from.kind) {
    case "context":
      return [];
    case "stage":
      return [`--from=${from.name}`];
    case "image":
      return [`--from=${from.reference}`];
    default:
      return assertNever(from);
  }
}

function ownershipFlags({ owner, mode }: Readonly<{ owner?: string; mode?: string }>): readonly string[] {
  return [...(owner === undefined ? [] : [`--chown=${owner}`]), ...(mode === undefined ? [] : [`--chmod=${mode}`])];
}

/** A path that cannot be taken for a flag, a here-document, a URL or a repository. */
function onlyPath(path: string): string {
  return /^(?:--|\d*<<)|^[^./][^/]*:/.test(path) ? `./${path}` : path;
}

/** Paths as words of an instruction, which reads quotes, backslashes and variables in them; wildcards stay. */
function pathWords(paths: readonly string[]): string {
  if (paths.some((path) => /[\r\n]/.test(path))) throw new UnsayableError("a line break in a path");
  const words = paths.map((path) => path.replace(/["'$\\]/g, "\\$&"));
  return words.every((word) => /^[\p{L}\p{N}_./@%+,:=*?-]+$/u.test(word)) ? words.join(" ") : execForm(words);
}

function mountFlag(mount: Mount): string {
  switch (mount.kind) {
    case "cache":
      return `--mount=type=cache,target=${mount.target},sharing=${mount.sharing}`;
    case "context":
    case "build-file":
      return `--mount=type=bind,source=${plainPath(mount.source)},target=${plainPath(mount.target)}`;
    case "secret":
      return `--mount=type=secret,id=${mount.id},target=${mount.target}`;
    case "ssh":
      return "--mount=type=ssh";
    default:
      return assertNever(mount);
  }
}

function plainPath(path: string): string {
  if (/^[\p{L}\p{N}_./@+-]+$/u.test(path)) return path;
  throw new UnsayableError(`the path ${JSON.stringify(path)} cannot stand in a mount`);
}
