import { copy } from "../llb/copy.ts";
import type { Output } from "../llb/vertex.ts";

/** A directory as a filesystem of its own; everything if it is empty. It has no slashes around it. */
export function inSubdirectory(root: Output, directory: string): Output {
  if (directory === "") return root;
  return copy({
    from: root,
    sources: [`/${directory}`],
    to: "/",
    flags: { allowWildcard: false, allowEmptyWildcard: false },
    name: `[internal] ${directory} of the build context`,
  });
}
