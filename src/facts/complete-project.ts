import type { Metadata, PlacedText } from "../config/metadata.ts";
import type { PyProject } from "../config/py-project.ts";
import { readSetupFiles } from "../config/setup-files.ts";
import type { ContextFacts } from "./collect-facts.ts";

/**
 * A project with what other files state: metadata of setup.cfg and setup.py, extras that setuptools reads from files, and
 * uv's settings.
 */
export function completeProject(project: PyProject, facts: ContextFacts): PyProject {
  const metadata = withExtras(withSetup(project, facts), facts);
  return withUv(metadata === project.metadata ? project : { ...project, metadata }, facts);
}

function withUv(project: PyProject, { uv }: ContextFacts): PyProject {
  if (uv === undefined) return project;
  // The project's own sources still name them.
  const own = project.indexes.map((index) => (index.tool === "uv" ? { ...index, isExplicit: true } : index));
  return { ...project, uv: uv.settings, indexes: [...own, ...uv.indexes] };
}

function withSetup({ metadata, buildBackend, buildRequires }: PyProject, { setupFiles }: ContextFacts): Metadata {
  // Without `[project]` and its like everything is dynamic, if there is something to build.
  const saysNothing = metadata.dynamic.includes("name");
  const isForeign = buildBackend !== undefined && !/^setuptools\b/.test(buildBackend);
  const asksForPbr = buildRequires?.some((text) => /^pbr\b/i.test(text.trim())) === true;
  const reads = !isForeign || buildBackend.startsWith("pbr.");
  const setup = reads ? readSetupFiles(setupFiles, asksForPbr) : undefined;
  if (isForeign && setup === undefined) {
    return saysNothing ? allDynamic(metadata, { reason: `only ${buildBackend} knows the dependencies` }) : metadata;
  }
  if (setup === undefined) return metadata;
  const told = metadata.dynamic.map((field) => setup.fields.get(field) ?? {});
  const complete: Metadata = Object.assign({}, metadata, ...told);
  return saysNothing ? allDynamic(complete, setup) : complete;
}

function allDynamic(
  metadata: Metadata,
  { reason, place }: Pick<Extract<Metadata["dependencies"], { kind: "dynamic" }>, "reason" | "place">,
): Metadata {
  const path = place === undefined ? ["build-system", "build-backend"] : [];
  return {
    ...metadata,
    dependencies: { kind: "dynamic", path, reason, ...(place !== undefined && { place }) },
    extrasAreDynamic: true,
  };
}

function withExtras(metadata: Metadata, { dynamicExtras }: ContextFacts): Metadata {
  if (dynamicExtras === undefined) return metadata;
  const extras = [...metadata.extras].map(([extra, texts]): [string, readonly PlacedText[]] => {
    const path = ["tool", "setuptools", "dynamic", "optional-dependencies", extra];
    return [extra, dynamicExtras.get(extra)?.requirements.map((text) => ({ text, path })) ?? texts];
  });
  return { ...metadata, extras: new Map(extras) };
}
