import { parseProject } from "../config/py-project.ts";
import { selectTarget } from "../config/target.ts";
import { atValue } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { BaseImageError, type BaseImages, resolveBases } from "../emit/base-images.ts";
import { emitLlb } from "../emit/llb.ts";
import { collectFacts } from "../facts/collect-facts.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import { local } from "../llb/local.ts";
import type { Output } from "../llb/vertex.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { planImage } from "../plan/plan-image.ts";
import { assembleResult } from "./assemble-result.ts";
import type { BuildOpts } from "./build-opts.ts";
import { CONTEXT_LOCAL, type Inputs } from "./inputs.ts";
import { sendWarnings } from "./send-warnings.ts";

/** One build: reads the project, plans its image, and gives BuildKit the graph of it. */
export async function build(
  client: GatewayClient,
  opts: BuildOpts,
  inputs: Inputs,
  sessionId: string,
): Promise<BuildResult> {
  const project = parseProject(inputs.source);
  const target = selectTarget(project, opts.target);
  const facts = await collectFacts(inputs.context, project, target);
  const { plan, warnings } = planImage({ project, target, facts, variables: opts.buildArgs });
  const bases = await locatedBases(plan, client, opts, inputs.source);
  const image = emitLlb(plan, {
    ...opts,
    bases,
    source: inputs.source,
    context: buildContext(plan, inputs, sessionId),
    ignoresCache: (stage) =>
      opts.noCache === "all" || opts.noCache.has(stage) || opts.noCache.has(target.name.toLowerCase()),
  });
  const [reference] = await Promise.all([
    client.solve({ definition: image.definition, cacheImports: opts.cacheImports }),
    sendWarnings(client, inputs.sourceVertex, [...warnings, ...image.warnings]),
  ]);
  return assembleResult({ reference, config: image.config, platform: opts.platform, labels: opts.labels });
}

/** The client's files without what the plan and the ignore file leave out; the file has the last word. */
function buildContext({ exclude }: ImagePlan, { ignore }: Inputs, sessionId: string): Output {
  return local({
    local: CONTEXT_LOCAL,
    sessionId,
    excludePatterns: [...exclude, ...ignore],
    sharedKeyHint: CONTEXT_LOCAL,
    name: "[internal] load build context",
  });
}

async function locatedBases(
  plan: ImagePlan,
  client: GatewayClient,
  { platform }: BuildOpts,
  source: SourceText,
): Promise<BaseImages> {
  try {
    return await resolveBases(plan, client, platform);
  } catch (error) {
    if (!(error instanceof BaseImageError)) throw error;
    const { origin } = error.stage;
    const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
    throw new UserError({
      code: "base.unavailable",
      message: `${error.message}: ${reason}`,
      ...(origin !== undefined && { place: atValue(source, ...origin) }),
      help: "set python_version to one that the registry has for this platform, or check that it can be reached",
    }).causedBy(error.cause);
  }
}
