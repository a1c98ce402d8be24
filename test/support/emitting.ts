import { sourceText } from "../../src/diagnostic/source-text.ts";
import type { BaseImages } from "../../src/emit/base-images.ts";
import { emitDockerfile } from "../../src/emit/dockerfile.ts";
import { emitLlb, type LlbImage, type LlbOptions } from "../../src/emit/llb.ts";
import { local } from "../../src/llb/local.ts";
import type { ImageConfig } from "../../src/oci/image-config.ts";
import { normalizeReference } from "../../src/oci/image-reference.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";

const BASE: ImageConfig = {
  os: "linux",
  architecture: "amd64",
  config: { Env: ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"], Cmd: ["python3"] },
};

/** The bases of a plan as if a registry had given them. */
export function basesOf(plan: ImagePlan, config: ImageConfig = BASE): BaseImages {
  const names = plan.stages.flatMap(({ base, steps }) => [
    base,
    ...steps.flatMap((step) => (step.kind === "copy" && step.from.kind === "image" ? [step.from.reference] : [])),
  ]);
  return new Map(names.map((name) => [name, { reference: normalizeReference(name), config }]));
}

/** The plan as LLB, for a build that asks for nothing special. */
export function llbOf(plan: ImagePlan, options: Partial<LlbOptions> = {}): LlbImage {
  return emitLlb(plan, {
    platform: { os: "linux", architecture: "amd64" },
    bases: basesOf(plan),
    buildFile: { root: local({ local: "dockerfile", sessionId: "session" }), path: "pyproject.toml" },
    context: local({ local: "context", sessionId: "session", name: "[internal] load build context" }),
    source: sourceText("pyproject.toml", ""),
    originOf: () => undefined,
    network: "sandbox",
    extraHosts: [],
    resolveMode: "default",
    ignoresCache: () => false,
    ...options,
  });
}

/** The plan as a Dockerfile. */
export function dockerfileOf(plan: ImagePlan): string {
  return emitDockerfile(plan, sourceText("pyproject.toml", ""));
}
