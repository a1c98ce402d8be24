import { type BaseResolver, resolveBases } from "../emit/base-images.ts";
import { emitLlb } from "../emit/llb.ts";
import { inProject } from "../facts/project-location.ts";
import { failOn, selectFindings } from "../lint/check-options.ts";
import { type Definition, encodeDefinition } from "../llb/definition.ts";
import { local } from "../llb/local.ts";
import { normalizeReference } from "../oci/image-reference.ts";
import { splitArguments } from "../plan/build-args.ts";
import type { Planning } from "../plan/plan-image.ts";
import { PLATFORM } from "./complete-local.ts";
import { type LocalRequest, planLocal } from "./plan-local.ts";

/** A graph, as it is and as the bytes that `buildctl build` reads, and what the user should know about it. */
export type LlbBytes = Readonly<{ definition: Definition; bytes: Uint8Array; warnings: Planning["warnings"] }>;

/**
 * Stands in for looking images up, which takes a network: images by tag instead of digest, with the environment that
 * the official Python images have.
 */
const OFFLINE: BaseResolver = {
  resolveImage: (name, { os, architecture }) =>
    Promise.resolve({
      reference: normalizeReference(name),
      config: {
        os,
        architecture,
        config: { Env: ["PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"] },
      },
    }),
};

/**
 * The image of a project of this machine as LLB, always the same for the same files. Build it with
 * `buildctl build --local context=DIR --local dockerfile=DIR`, both the build context.
 * @throws UserError
 */
export async function llb(request: LocalRequest): Promise<LlbBytes> {
  const { plan, project, warnings, check, facts } = await planLocal(request);
  const buildFile = inProject(facts.location, facts.location.buildFile);
  const { proxy } = splitArguments(request.buildArgs);
  const bases = await resolveBases(plan, OFFLINE, PLATFORM);
  const image = emitLlb(plan, {
    platform: PLATFORM,
    bases,
    build: { platform: PLATFORM, bases },
    context: local({
      local: "context",
      excludePatterns: [...plan.exclude, ...(facts.ignore?.rules ?? []).map(({ pattern }) => pattern)],
      name: "[internal] load build context",
    }),
    buildFile: { root: local({ local: "dockerfile", followPaths: [buildFile] }), path: buildFile },
    source: project.source,
    originOf: () => undefined,
    network: "sandbox",
    extraHosts: [],
    ...(Object.keys(proxy).length > 0 && { proxy }),
    resolveMode: "default",
    ignoresCache: () => false,
  });
  const found = [...warnings, ...selectFindings(image.warnings, check)];
  failOn(found, check, false);
  const { definition } = image;
  return { definition, bytes: encodeDefinition(definition), warnings: found };
}
