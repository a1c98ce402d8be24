import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import { failOn, readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { assembleResult } from "./assemble-result.ts";
import type { BuildOpts } from "./build-opts.ts";
import { checkImageStart } from "./check-start.ts";
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
  const said = new Set<string>();
  const warn = async (more: readonly Diagnostic[]): Promise<void> => {
    const found = buildFindings(planned, [...inputs.warnings, ...more], check);
    // Most of what is wrong is so for every platform, but needs to be said once.
    const shown = found.filter(({ code, message }) => !said.has(`${code} ${message}`));
    for (const { code, message } of shown) said.add(`${code} ${message}`);
    await sendWarnings(client, inputs.sourceVertex, shown);
    failOn(shown, check, caps.api.has("gateway.warnings"));
  };
  const builds = images.map(async (pending) => {
    const image = await pending;
    const { definition, warnings } = image;
    requireOps(definition, caps);
    const [reference] = await Promise.all([
      client.solve({ definition, cacheImports }),
      warn(warnings),
      checkImageStart(client, image, { buildPlatform: opts.buildPlatform, cacheImports }),
    ]);
    return { ...image, reference };
  });
  return assembleResult(await Promise.all(builds), opts);
}
