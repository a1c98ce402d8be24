import type { Metadata, PlacedText } from "../config/metadata.ts";
import type { PyProject } from "../config/py-project.ts";
import { readSetupFiles } from "../config/setup-files.ts";
import type { ContextFacts } from "./collect-facts.ts";

/** A project with the metadata that other files state: setup.cfg, setup.py, and files from which setuptools reads extras. */
export function completeProject(project: PyProject, facts: ContextFacts): PyProject {
  const metadata = withExtras(withSetup(project, facts), facts);
  return metadata === project.metadata ? project : { ...project, metadata };
}

function withSetup({ metadata, buildBackend }: PyProject, { setupFiles }: ContextFacts): Metadata {
  // Without `[project]` and its like everything is dynamic, if there is something to build.
  const saysNothing = metadata.dynamic.includes("name");
  if (buildBackend !== undefined && !buildBackend.startsWith("setuptools")) {
    return saysNothing ? allDynamic(metadata, { reason: `only ${buildBackend} knows the dependencies` }) : metadata;
  }
  const setup = readSetupFiles(setupFiles);
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
