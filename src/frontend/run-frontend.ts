import { showsSources } from "../gateway/capabilities.ts";
import { connectGateway } from "../gateway/connect-gateway.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import { readSessionEnv } from "../gateway/session-env.ts";
import type { Transport } from "../gateway/transport.ts";
import type { Platform } from "../oci/platform.ts";
import { readBuildOpts } from "./build-opts.ts";
import { checkFrontendCaps } from "./check-frontend-caps.ts";
import { readContextOpts } from "./context-opts.ts";
import { readInputs } from "./inputs.ts";
import { requireBasics } from "./require-capabilities.ts";

/** What the process was started with. */
export type FrontendProcess = Readonly<{
  transport: Transport;
  env: Readonly<Record<string, string | undefined>>;
  /** Rejected when the process cannot go on: by a signal, or by an error that nothing else caught. */
  interrupted: Promise<never>;
}>;

/**
 * Answers the one build that this process was started for. A result or an error is returned exactly once, whatever
 * happens; the promise is rejected only when neither could be.
 */
export async function runFrontend({ transport, env, interrupted }: FrontendProcess): Promise<void> {
  const { sessionId, workers, opts } = readSessionEnv(env);
  const resolveMode = opts.get("image-resolve-mode");
  const client = connectGateway(transport, {
    ...((resolveMode === "pull" || resolveMode === "local") && { resolveMode }),
    namePlatforms: opts.get("platform")?.includes(",") ?? false,
  });
  try {
    const platform = workers[0]?.platforms[0] ?? { os: "linux", architecture: "amd64" };
    await client.returnResult(await Promise.race([answer(client, { opts, sessionId, platform }), interrupted]));
  } catch (error) {
    const { describeError } = await import("./describe-error.ts");
    const clientShowsSources = await client.caps.then(showsSources, () => false);
    await client.returnError(await describeError(error, clientShowsSources));
  } finally {
    client.close();
  }
}

type Question = Readonly<{ opts: ReadonlyMap<string, string>; sessionId: string; platform: Platform }>;

async function answer(client: GatewayClient, { opts, sessionId, platform }: Question): Promise<BuildResult> {
  checkFrontendCaps(opts);
  const buildOpts = readBuildOpts(opts, platform);
  const contextOpts = readContextOpts(opts, sessionId, buildOpts.filename);
  const request = opts.get("requestid");
  if (request) {
    const { answerSubrequest } = await import("./answer-subrequest.ts");
    return answerSubrequest(client, { request, opts: buildOpts, files: contextOpts });
  }
  const [inputs, { build }] = await Promise.all([
    readInputs(client, contextOpts),
    // Most of the program is loaded once the first calls are under way: while the client sends its files.
    client.caps.then((caps) => {
      requireBasics(caps);
      return import("./build.ts");
    }),
  ]);
  return build(client, buildOpts, inputs, contextOpts);
}
