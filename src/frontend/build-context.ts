import { copy } from "../llb/copy.ts";
import { local } from "../llb/local.ts";
import type { Output } from "../llb/vertex.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { usedPaths } from "../plan/used-paths.ts";
import type { Inputs } from "./inputs.ts";

/**
 * The files of the build context that steps see: of a client's directory those that the plan uses, without what the
 * plan and the ignore file leave out (the file has the last word); of anything else all.
 */
export function buildContext(plan: ImagePlan, { tree, ignore, buildFile, isFromElsewhere, location }: Inputs): Output {
  const root =
    tree.kind === "graph"
      ? tree.root
      : local({
          local: tree.local,
          sessionId: tree.sessionId,
          followPaths: usedPaths(plan, ({ kind }) => kind === "context"),
          excludePatterns: [...plan.exclude, ...(ignore?.rules ?? []).map(({ pattern }) => pattern)],
          sharedKeyHint: tree.local,
          name: "[internal] load build context",
        });
  if (!isFromElsewhere) return root;
  return copy({
    base: root,
    from: buildFile.root,
    sources: [`/${buildFile.path}`],
    to: `/${location.directory === "" ? "" : `${location.directory}/`}${location.buildFile}`,
    flags: { allowWildcard: false, allowEmptyWildcard: false },
    name: `[internal] put ${location.buildFile} into the build context`,
  });
}
