import { atValue, type Diagnostic, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { BaseImageError, type BaseImages, type BaseResolver, resolveBases } from "../emit/base-images.ts";
import { supportedLimits } from "../emit/limits.ts";
import { emitLlb, type LlbImage } from "../emit/llb.ts";
import { showsSources } from "../gateway/capabilities.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { ImageConfigError } from "../oci/image-config.ts";
import type { Platform } from "../oci/platform.ts";
import { checkComplete } from "../plan/check-complete.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { type ProjectPlan, planProject } from "../plan/plan-project.ts";
import { baseResolver } from "./base-resolver.ts";
import { buildContext } from "./build-context.ts";
import type { BuildOpts } from "./build-opts.ts";
import type { Completed } from "./complete-plan.ts";
import type { ContextOpts } from "./context-opts.ts";
import type { Inputs } from "./inputs.ts";
import { originReader } from "./origin.ts";

/** The image of one platform. */
export type PlatformImage = LlbImage & Readonly<{ platform: Platform }>;

/** What is planned, and the images that it becomes: one for each platform, in the order asked for. */
export type Emission = Readonly<{ planned: ProjectPlan; images: readonly Promise<PlatformImage>[] }>;

/** Plans a project once, and emits its image for each platform, all at the same time. */
export async function emitImages(
  client: GatewayClient,
  opts: BuildOpts,
  inputs: Inputs,
  files: ContextOpts,
): Promise<Emission> {
  const planned = await planProject(inputs.context, { ...inputs, ...opts, variables: opts.buildArgs });
  const { plan, project, target } = planned;
  const resolver = baseResolver(client, files, plan);
  const [caps, originOf] = await Promise.all([client.caps, originReader(project.source)]);
  const limits = supportedLimits(opts.limits, (capability) => caps.llb.has(capability));
  const completed = opts.platforms.map(async (platform): Promise<Completed> => {
    const bases = await locatedBases(plan, resolver, platform, project.source);
    if (plan.locked === undefined) return { plan, bases };
    const { completePlan } = await import("./complete-plan.ts");
    const { buildPlatform } = opts;
    return completePlan(client, { plan, platform, buildPlatform, bases, resolver, source: project.source });
  });
  // What is copied out of the context may depend on the platform, and is one transfer for all.
  const context = Promise.all(completed).then((all) =>
    buildContext({ ...plan, stages: all.flatMap((one) => one.plan.stages) }, inputs),
  );
  const images = opts.platforms.map(async (platform, index) => {
    const [{ plan: complete, ...own } = { plan, bases: new Map() }, files] = await Promise.all([
      completed[index],
      context,
    ]);
    checkComplete(complete, project.source, own.bases.get(complete.stages.at(-1)?.base ?? "")?.config);
    const image = emitLlb(complete, {
      ...opts,
      ...own,
      platform,
      limits,
      canMerge: caps.llb.has("mergeop"),
      canExclude: caps.llb.has("file.copy.includeexcludepatterns"),
      canKeyByVertex: caps.llb.has("exec.mount.cache.content"),
      source: project.source,
      originOf,
      mainOrigin: project.metadata.path,
      startPath: startPath(planned),
      context: files,
      buildFile: inputs.buildFile,
      namePlaces: !showsSources(caps),
      namePlatform: opts.platforms.length > 1,
      ignoresCache: (stage) =>
        opts.noCache === "all" || opts.noCache.has(stage) || opts.noCache.has(target.name.toLowerCase()),
    });
    return { ...image, platform };
  });
  return { planned, images };
}

/** The entry that says what a container starts: a key, or the table of the only script. */
function startPath({ project, target }: ProjectPlan): TomlPath {
  const { table, path } = target;
  if (table.entrypoint !== undefined) return [...path, "entrypoint"];
  return table.command === undefined ? project.metadata.path : [...path, "command"];
}

async function locatedBases(
  plan: ImagePlan,
  resolver: BaseResolver,
  platform: Platform,
  source: SourceText,
): Promise<BaseImages> {
  try {
    return await resolveBases(plan, resolver, platform);
  } catch (error) {
    if (!(error instanceof BaseImageError)) throw error;
    if (error.cause instanceof UserError) throw error.cause;
    const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
    throw new UserError({ code: "base.unavailable", ...unavailable(error, reason, source) }).causedBy(error.cause);
  }
}

/** What is copied from may be meant for a named context that the build was not given: a single word most likely is. */
function unavailable(
  { message, image, use, cause }: BaseImageError,
  reason: string,
  source: SourceText,
): Pick<Diagnostic, "message" | "place" | "help"> {
  const { kind, origin } = use;
  const said = `${message}: ${reason}`;
  const check =
    cause instanceof ImageConfigError
      ? "use another image, or have this one mended by whoever made it"
      : "check that the registry has it for this platform and can be reached";
  if (kind === "base") {
    const place = origin !== undefined && { place: atValue(source, ...origin) };
    return { message: said, ...place, help: `${check}; python_version chooses another base` };
  }
  const place = origin !== undefined && { place: atValue(source, ...origin, "from") };
  if (/[/:@]/.test(image)) return { message: said, ...place, help: check };
  const help = `pass --build-context ${image}=DIRECTORY; if an image is meant, ${check}`;
  return { message: `there is no build context "${image}", and ${said}`, ...place, help };
}
