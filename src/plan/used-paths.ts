import { assertNever } from "../util/assert-never.ts";
import type { ImagePlan, Stage } from "./image-plan.ts";
import type { CopySource, Step } from "./step.ts";

/**
 * The paths that steps read of a source, relative to its root and sorted. Empty if steps read the whole source, or if a path
 * has a wildcard.
 */
export function usedPaths({ stages }: ImagePlan, isMeant: (source: CopySource) => boolean): readonly string[] {
  const used = pathsOf(stages, isMeant);
  const isAll = used.some((path) => path === "" || path === "." || /[*?[\\]/.test(path));
  return isAll ? [] : [...new Set(used)].sort();
}

/** The paths of the build context that steps name, as they name them; empty for the whole of it. */
export function contextPaths(stages: readonly Stage[]): readonly string[] {
  return pathsOf(stages, ({ kind }) => kind === "context");
}

function pathsOf(stages: readonly Stage[], isMeant: (source: CopySource) => boolean): readonly string[] {
  return stages
    .flatMap(({ steps }) => steps)
    .flatMap(readBy)
    .filter(([source]) => isMeant(source))
    .flatMap(([, paths]) => paths.map((path) => path.replace(/^(?:\.?\/)+|(?<!\/)\/+$/g, "")));
}

type Reading = readonly [source: CopySource, paths: readonly string[]];

function readBy(step: Step): readonly Reading[] {
  switch (step.kind) {
    case "copy":
      return [[step.from, step.sources]];
    case "add":
      return step.source.kind === "download" ? [] : [[{ kind: "context" }, [step.source.path]]];
    case "run":
      return step.mounts.flatMap((mount): readonly Reading[] =>
        mount.kind === "context" ? [[{ kind: "context" }, [mount.source]]] : [],
      );
    case "env":
    case "workdir":
    case "user":
    case "unit":
    case "layers":
      return [];
    default:
      return assertNever(step);
  }
}
