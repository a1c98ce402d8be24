import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import { failOn, readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { assembleResult } from "./assemble-result.ts";
import type { BuildOpts } from "./build-opts.ts";
import type { ContextOpts } from "./context-opts.ts";
import { emitImages } from "./emit-images.ts";
import type { Inputs } from "./inputs.ts";
import { requireOps } from "./require-capabilities.ts";
import { sendWarnings } from "./send-warnings.ts";

/** One build: reads the project, plans its image, and gives BuildKit the graph of it. */
export async function build(
  client: GatewayClient,
  opts: BuildOpts,
  inputs: Inputs,
  files: ContextOpts,
): Promise<BuildResult> {
  const check = readCheckOptions(inputs.source, opts.check);
  const { planned, images } = await emitImages(client, opts, inputs, files);
  const caps = await client.caps;
  const cacheImports = caps.api.has("importcaches") ? opts.cacheImports : [];
  const warn = async (more: readonly Diagnostic[]): Promise<void> => {
    const shown = buildFindings(planned, [...inputs.warnings, ...more], check);
    await sendWarnings(client, inputs.sourceVertex, shown);
    failOn(shown, check, caps.api.has("gateway.warnings"));
  };
  const builds = images.map(async (pending, index) => {
    const image = await pending;
    const { definition, warnings } = image;
    requireOps(definition, caps);
    const [reference] = await Promise.all([
      client.solve({ definition, cacheImports }),
      // What is wrong for one platform is so for all.
      index === 0 && warn(warnings),
    ]);
    return { ...image, reference };
  });
  return assembleResult(await Promise.all(builds), opts);
}
