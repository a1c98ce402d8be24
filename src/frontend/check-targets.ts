import { parseProject } from "../config/py-project.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { readCheckOptions, selectFindings } from "../lint/check-options.ts";
import { lint } from "../lint/lint.ts";
import type { Findings } from "../subrequest/list-findings.ts";
import { targetNames } from "../subrequest/list-targets.ts";
import type { BuildOpts } from "./build-opts.ts";
import type { ContextOpts } from "./context-opts.ts";
import { emitImages } from "./emit-images.ts";
import { type Inputs, readInputs } from "./inputs.ts";

/**
 * Finds what could be better in one target, or in all if none is named, and what prevents building them. It goes as far
 * as a build does before it runs anything: what a build warns of is found, and a base image that does not exist.
 */
export async function checkTargets(client: GatewayClient, opts: BuildOpts, files: ContextOpts): Promise<Findings> {
  const inputs = await readInputs(client, files);
  const source = maskCredentials(inputs.source);
  try {
    const options = readCheckOptions(inputs.source, opts.check);
    const names = opts.target === "" ? targetNames(parseProject(inputs.source)) : [opts.target];
    const checked = await Promise.all(names.map((target) => checkTarget(client, { ...opts, target }, inputs, files)));
    const advice = [...inputs.warnings, ...usedNowhere(checked.map(({ advice }) => advice))];
    const problems = checked.flatMap(({ problems }) => problems);
    return { source, advice: selectFindings(distinct(advice), options), problems: distinct(problems) };
  } catch (error) {
    return { source, advice: [], problems: problemsOf(error) };
  }
}

type Checked = Pick<Findings, "advice" | "problems">;

async function checkTarget(
  client: GatewayClient,
  opts: BuildOpts,
  inputs: Inputs,
  files: ContextOpts,
): Promise<Checked> {
  const advice: Diagnostic[] = [];
  try {
    const { planned, images } = await emitImages(client, opts, inputs, files);
    advice.push(...lint(planned));
    for (const { warnings } of await Promise.all(images)) advice.push(...warnings);
    return { advice, problems: [] };
  } catch (error) {
    return { advice, problems: problemsOf(error) };
  }
}

function problemsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof UserError) return error.diagnostics;
  throw error;
}

/** An argument that one of several targets uses is used. */
function usedNowhere(found: readonly (readonly Diagnostic[])[]): readonly Diagnostic[] {
  const isEverywhere = ({ message }: Diagnostic): boolean =>
    found.every((advice) => advice.some((one) => one.message === message));
  return found.flat().filter((one) => one.code !== "option.unused" || isEverywhere(one));
}

/** What is true of the project is found for each of its targets. */
function distinct(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = ({ code, message, place }: Diagnostic): string => {
    const where = place?.kind === "toml" ? place.path : place?.span;
    return JSON.stringify([code, message, place?.source.filename, where]);
  };
  return [...new Map(found.map((one) => [key(one), one])).values()];
}
