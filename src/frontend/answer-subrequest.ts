import { parseProject } from "../config/py-project.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { GatewayError } from "../gateway/gateway-error.ts";
import type { BuildResult } from "../gateway/return-result.ts";
import { STATUS_CODE } from "../gateway/status.ts";
import { subrequestDetail } from "../gateway/status-detail.ts";
import { type ProjectPlan, planProject } from "../plan/plan-project.ts";
import type { Answer } from "../subrequest/answer.ts";
import { convertLlb } from "../subrequest/convert-llb.ts";
import { describe, SUBREQUESTS } from "../subrequest/describe.ts";
import { listFindings } from "../subrequest/list-findings.ts";
import { listTargets, targetNames } from "../subrequest/list-targets.ts";
import { outline } from "../subrequest/outline.ts";
import { maskText } from "../util/mask.ts";
import type { BuildOpts } from "./build-opts.ts";
import { checkTargets } from "./check-targets.ts";
import type { ContextOpts } from "./context-opts.ts";
import { emitImages } from "./emit-images.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { originReader } from "./origin.ts";

/** What is asked instead of a build, and of which build. */
export type SubrequestQuestion = Readonly<{ request: string; opts: BuildOpts; files: ContextOpts }>;

/**
 * Answers what a client asks instead of a build (BuildKit `frontend/dockerui/requests.go`): a result without files.
 * @throws GatewayError for a request that is not known, in the words by which clients know it.
 */
export async function answerSubrequest(client: GatewayClient, question: SubrequestQuestion): Promise<BuildResult> {
  const { json, text, version, status } = await answer(client, question);
  return {
    refs: NO_FILES,
    metadata: {
      "result.json": JSON.stringify(json, (_, value) => (typeof value === "string" ? maskText(value) : value), 2),
      "result.txt": maskText(text),
      version,
      ...(status !== undefined && { "result.statuscode": String(status) }),
    },
  };
}

const NO_FILES = Object.freeze({ id: "" });

async function answer(client: GatewayClient, { request, opts, files }: SubrequestQuestion): Promise<Answer> {
  switch (request) {
    case SUBREQUESTS.describe.name:
      return describe();
    case SUBREQUESTS.targets.name: {
      const inputs = await readInputs(client, files);
      const project = parseProject(inputs.source);
      const plans = await planTargets(inputs, opts, targetNames(project));
      return listTargets(project, plans, await originReader(project.source));
    }
    case SUBREQUESTS.outline.name: {
      const planned = await planTarget(await readInputs(client, files), opts, opts.target);
      const locate = await originReader(planned.project.source);
      return outline(planned, { given: opts.buildArgs, cacheNamespace: opts.cacheNamespace, locate });
    }
    case SUBREQUESTS.lint.name:
      return listFindings(await checkTargets(client, opts, files));
    case SUBREQUESTS.convertllb.name: {
      const { images } = await emitImages(client, opts, await readInputs(client, files), files);
      const [first] = await Promise.all(images);
      if (first === undefined) throw new TypeError("a build is for at least one platform");
      return convertLlb(first.definition);
    }
    default: {
      const details = [subrequestDetail(request)];
      throw new GatewayError({ code: STATUS_CODE.unknown, message: `unsupported request ${request}`, details });
    }
  }
}

function planTarget(inputs: Inputs, opts: BuildOpts, target: string): Promise<ProjectPlan> {
  return planProject(inputs.context, { ...inputs, platforms: opts.platforms, variables: opts.buildArgs, target });
}

/** Plans of several targets, as far as they can be planned. */
async function planTargets(
  inputs: Inputs,
  opts: BuildOpts,
  names: readonly string[],
): Promise<ReadonlyMap<string, ProjectPlan>> {
  const plans = new Map<string, ProjectPlan>();
  for (const name of names) {
    try {
      plans.set(name, await planTarget(inputs, opts, name));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return plans;
}
