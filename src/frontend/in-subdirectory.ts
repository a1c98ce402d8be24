import { copy } from "../llb/copy.ts";
import type { Output } from "../llb/vertex.ts";

/** A directory as a filesystem of its own; everything if it is empty. */
export function inSubdirectory(root: Output, directory: string): Output {
  if (directory === "") return root;
  return copy({
    from: root,
    sources: [`/${directory.replace(/^\/+/, "")}`],
    to: "/",
    flags: { allowWildcard: false, allowEmptyWildcard: false },
    name: `[internal] ${directory} of the build context`,
  });
}
