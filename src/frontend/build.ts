import { atValue } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { BaseImageError, type BaseImages, type BaseResolver, resolveBases } from "../emit/base-images.ts";
import { supportedLimits } from "../emit/limits.ts";
import { emitLlb } from "../emit/llb.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import type { Platform } from "../oci/platform.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { planProject } from "../plan/plan-project.ts";
import { assembleResult } from "./assemble-result.ts";
import { baseResolver } from "./base-resolver.ts";
import { buildContext } from "./build-context.ts";
import type { BuildOpts } from "./build-opts.ts";
import type { ContextOpts } from "./context-opts.ts";
import type { Inputs } from "./inputs.ts";
import { originReader } from "./origin.ts";
import { sendWarnings } from "./send-warnings.ts";

/** One build: reads the project, plans its image, and gives BuildKit the graph of it. */
export async function build(
  client: GatewayClient,
  opts: BuildOpts,
  inputs: Inputs,
  files: ContextOpts,
): Promise<BuildResult> {
  const { plan, project, target, warnings } = await planProject(inputs.context, {
    ...inputs,
    ...opts,
    variables: opts.buildArgs,
  });
  const resolver = baseResolver(client, files, plan);
  const context = buildContext(plan, inputs);
  const [caps, originOf] = await Promise.all([client.caps, originReader(project.source)]);
  const limits = supportedLimits(opts.limits, (capability) => caps.llb.has(capability));
  const builds = opts.platforms.map(async (platform, index) => {
    const bases = await locatedBases(plan, resolver, platform, project.source);
    const image = emitLlb(plan, {
      ...opts,
      platform,
      limits,
      bases,
      source: project.source,
      originOf,
      context,
      buildFile: inputs.buildFile,
      namePlatform: opts.platforms.length > 1,
      ignoresCache: (stage) =>
        opts.noCache === "all" || opts.noCache.has(stage) || opts.noCache.has(target.name.toLowerCase()),
    });
    const [reference] = await Promise.all([
      client.solve({ definition: image.definition, cacheImports: opts.cacheImports }),
      // What is wrong for one platform is so for all.
      index === 0 && sendWarnings(client, inputs.sourceVertex, [...inputs.warnings, ...warnings, ...image.warnings]),
    ]);
    return { ...image, platform, reference };
  });
  return assembleResult(await Promise.all(builds), opts);
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
    throw new UserError({
      code: "base.unavailable",
      message: `${error.message}: ${reason}`,
      ...(error.origin !== undefined && { place: atValue(source, ...error.origin) }),
      help: "check that the registry has it for this platform and can be reached; python_version chooses another base",
    }).causedBy(error.cause);
  }
}
