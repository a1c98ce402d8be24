import { atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { Definition } from "../llb/definition.ts";
import { embed } from "../llb/embed.ts";
import { image, type ResolveMode } from "../llb/image.ts";
import { marshal } from "../llb/marshal.ts";
import type { Origin } from "../llb/origin.ts";
import type { ExtraHost, Network, Output, ProxyEnv, VertexOptions } from "../llb/vertex.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import { formatPlatform, type Platform } from "../oci/platform.ts";
import type { ImagePlan, Stage } from "../plan/image-plan.ts";
import type { CopySource } from "../plan/step.ts";
import { RequiredVariableError, substitute } from "../substitution/substitute.ts";
import { assertNever } from "../util/assert-never.ts";
import type { BaseImages } from "./base-images.ts";
import { checkBasePlatforms } from "./check-base-platforms.ts";
import { imageConfig } from "./image-config.ts";
import { type Limits, NO_LIMITS } from "./limits.ts";
import { initialState, type StageState } from "./llb-state.ts";
import { type BuildFileSource, STEPS, type StepContext } from "./llb-step.ts";
import { requireComplete } from "./require-complete.ts";
import { startCheck } from "./start-check.ts";
import { readStep } from "./step-table.ts";

/** What a build asks for besides the plan. */
export type LlbOptions = Readonly<{
  platform: Platform;
  bases: BaseImages;
  /** The build context. */
  context: Output;
  buildFile: BuildFileSource;
  /** Where the plan came from, for messages. */
  source: SourceText;
  /** Where an entry of the build file stands: what a failing step is shown with. */
  originOf: (path: TomlPath) => Origin | undefined;
  /** The entry that steps without one of their own are there for. */
  mainOrigin?: TomlPath;
  /** The entry that says what a container starts. */
  startPath?: TomlPath;
  network: Network;
  extraHosts: readonly ExtraHost[];
  proxy?: ProxyEnv;
  hostname?: string;
  limits?: Limits;
  /** What is set instead of the time, in seconds since 1970. */
  epoch?: number;
  /** Whether the daemon can merge filesystems (`mergeop`); else they are copied over one another. */
  canMerge?: boolean;
  /** Whether it can leave files out of a copy (`file.copy.includeexcludepatterns`); else they are removed again. */
  canExclude?: boolean;
  /** Whether it can be told not to read what is mounted before it knows whether a command has to run (`exec.mount.cache.content`). */
  canKeyByVertex?: boolean;
  /** The platform of the machine that builds and the images for it, for stages that run there. */
  build?: Readonly<{ platform: Platform; bases: BaseImages }>;
  /** Whether names of vertices say the platform: for builds of several. */
  namePlatform?: boolean;
  /** Whether they say the lines of the build file too: for clients that show them with errors in no other way. */
  namePlaces?: boolean;
  /** Put before the ids of cache mounts; empty is what Dockerfiles have by default. */
  cacheNamespace?: string;
  resolveMode: ResolveMode;
  /** Whether the steps of a stage run even if their outcome is cached. */
  ignoresCache: (stage: string) => boolean;
}>;

/** An image as BuildKit takes it: the graph of its filesystem, its configuration, and what the user should know. */
export type LlbImage = Readonly<{
  definition: Definition;
  /** A check of what a container of it starts, which is no part of the image (see {@link startCheck}). */
  start: Output;
  config: ImageConfig;
  /** The configuration of the base image as it was found; none if a directory stands in for it. */
  baseConfig?: ImageConfig;
  warnings: readonly Diagnostic[];
}>;

/**
 * The plan as LLB.
 * @throws UserError when a variable that must be set is not.
 */
export function emitLlb(plan: ImagePlan, options: LlbOptions): LlbImage {
  requireComplete(plan);
  const warnings = new Map<string, Diagnostic>();
  const text = textReader(options.source, (key, warning) => warnings.set(key, warning));
  const finished = new Map<string, StageState>();
  for (const stage of plan.stages) {
    const isLast = stage === plan.stages.at(-1);
    finished.set(stage.name, emitStage(stage, { options, finished, text, isLast, ...reasonOf(stage, plan) }));
  }
  const state = [...finished.values()].at(-1);
  if (state === undefined) throw new TypeError("a plan has at least one stage");

  const labels = new Map(plan.image.labels.map(({ name, value, origin }) => [name, text(value, state.env, origin)]));
  const config = imageConfig(state, { ...plan.image, labels }, options);
  const base = options.bases.get(plan.stages.at(-1)?.base ?? "");
  const isImage = base?.root === undefined || base.isImage === true;
  const { platform, startPath, originOf, ignoresCache, limits = NO_LIMITS } = options;
  const last = plan.stages.at(-1)?.name ?? "";
  const definition = marshal(state.root);
  return {
    definition,
    // A graph of thousands of packages is encoded once.
    start: startCheck({ ...state, root: embed(definition) }, plan.image, {
      platform,
      originOf,
      limits,
      ignoreCache: ignoresCache(last),
      ...(startPath !== undefined && { path: startPath }),
    }),
    config,
    ...(isImage && { baseConfig: state.base }),
    warnings: [...checkBasePlatforms(plan, options), ...warnings.values()],
  };
}

type StageContext = Readonly<{
  options: LlbOptions;
  finished: ReadonlyMap<string, StageState>;
  text: StepContext["text"];
  /** Whether the stage becomes the image. */
  isLast: boolean;
  /** Why its base image has the Python that it has. */
  reason?: string;
}>;

/** The reason is said once, with the image that the result is based on. */
function reasonOf({ base }: Stage, { pythonReason: reason, stages }: ImagePlan): { reason?: string } {
  return reason !== undefined && base === stages.at(-1)?.base ? { reason } : {};
}

function emitStage(stage: Stage, { options: forTarget, finished, text, isLast, reason }: StageContext): StageState {
  const options = stage.platform === "build" ? { ...forTarget, ...forTarget.build, namePlatform: false } : forTarget;
  const {
    epoch,
    limits = NO_LIMITS,
    canMerge = false,
    canExclude = false,
    canKeyByVertex = false,
    ...others
  } = options;
  const { resources } = limits;
  const platform = options.namePlatform ? `${formatPlatform(options.platform)} ` : "";
  const ignoreCache = options.ignoresCache(stage.name);
  const total = 1 + stage.steps.filter(({ kind }) => kind !== "env" && kind !== "user").length;
  let done = 1;
  const label = (title: string): string =>
    `[${platform}${stage.name} ${String(done).padStart(String(total).length)}/${total}] ${title}`;
  const context: StepContext = {
    ...others,
    limits,
    canMerge,
    canExclude,
    canKeyByVertex,
    // What stays in the builder needs no times, and would be built again for each.
    ...(epoch !== undefined && isLast && { epoch }),
    text,
    source: (from) => sourceRoot(from, { options, finished }),
    stage: (name) => stageRoot(name, finished),
    vertex: (title, path) => {
      done++;
      const place = options.namePlaces && path !== undefined ? placeText(options.originOf(path)) : "";
      return {
        name: label(title) + place,
        ...(ignoreCache && { ignoreCache }),
        ...originOption(options, path ?? options.mainOrigin),
        ...(resources && { resources }),
      };
    },
  };
  const start =
    finished.get(stage.base) ??
    imageState(stage, options, (title) => label(title) + (reason === undefined ? "" : ` (${reason})`));
  return stage.steps.reduce((state, step) => readStep(STEPS, step, state, context), start);
}

function imageState(stage: Stage, options: LlbOptions, label: (title: string) => string): StageState {
  const base = options.bases.get(stage.base);
  if (base === undefined) throw new TypeError(`${stage.base} was not resolved`);
  const name = label(`FROM ${base.reference}`);
  const root = imageRoot(stage.base, options, { name, ...originOption(options, stage.origin) });
  return initialState(root, base.config);
}

function stageRoot(name: string, finished: ReadonlyMap<string, StageState>): Output {
  const stage = finished.get(name);
  if (stage === undefined) throw new TypeError(`stage ${name} is used before it is built`);
  return stage.root;
}

function sourceRoot(from: CopySource, { options, finished }: Pick<StageContext, "options" | "finished">): Output {
  switch (from.kind) {
    case "context":
      return options.context;
    case "stage":
      return stageRoot(from.name, finished);
    case "image":
      return imageRoot(from.reference, options, { name: `FROM ${from.reference}` });
    default:
      return assertNever(from);
  }
}

function imageRoot(name: string, { bases, platform, resolveMode }: LlbOptions, vertex: VertexOptions): Output {
  const base = bases.get(name);
  if (base === undefined) throw new TypeError(`${name} was not resolved`);
  return base.root ?? image({ ...vertex, reference: base.reference, platform, resolveMode });
}

/** As much of the lines of an entry as a progress display has room for. */
const PLACE_LENGTH = 160;

function placeText(origin: Origin | undefined): string {
  const lines = origin?.ranges.map(({ start }) => start.line) ?? [];
  const [first, last] = [lines[0], lines.at(-1)];
  if (origin === undefined || first === undefined || last === undefined) return "";
  const text = origin.file.text
    .split("\n")
    .slice(first - 1, last)
    .map((line) => line.trim())
    .join(" ");
  return ` (${origin.file.filename}:${first}: ${text.length > PLACE_LENGTH ? `${text.slice(0, PLACE_LENGTH)}…` : text})`;
}

function originOption({ originOf }: LlbOptions, path: TomlPath | undefined): Pick<VertexOptions, "origin"> {
  const origin = path === undefined ? undefined : originOf(path);
  return origin === undefined ? {} : { origin: [origin] };
}

function textReader(source: SourceText, warn: (key: string, warning: Diagnostic) => void): StepContext["text"] {
  const placeOf = (origin: TomlPath | undefined) => (origin === undefined ? {} : { place: atValue(source, ...origin) });
  return (template, env, origin) => {
    try {
      const { value, unset } = substitute(template, (name) => env.get(name));
      for (const name of unset) {
        // A value is read once for each stage that has it: one warning is enough.
        warn(`${name} ${origin?.join(".")}`, {
          code: "substitution.unset",
          message: `nothing sets the variable ${name}: it is empty`,
          ...placeOf(origin),
          help: `pass --build-arg ${name}=…, or give it a default: \${${name}:-default}`,
        });
      }
      return value;
    } catch (error) {
      if (!(error instanceof RequiredVariableError)) throw error;
      throw new UserError({ code: "substitution.required", message: error.message, ...placeOf(origin) });
    }
  };
}
