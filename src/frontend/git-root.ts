import type { Capabilities } from "../gateway/capabilities.ts";
import { git } from "../llb/git.ts";
import type { Output } from "../llb/vertex.ts";
import type { GitReference } from "./git-reference.ts";
import { inSubdirectory } from "./in-subdirectory.ts";

/** What changes the outcome, the capability for it, and its name in messages. */
const NEEDS: readonly (readonly [keyof GitReference, capability: string, purpose: string])[] = [
  ["overSsh", "source.git.mountsshsock", "a git context over ssh"],
  ["checksum", "source.git.checksum", "the checksum of a git context"],
  ["skipSubmodules", "source.git.skipsubmodules", "a git context without submodules"],
  ["times", "source.git.mtime", "mtime of a git context"],
  ["fetchByCommit", "source.git.fetchbycommit", "fetch-by-commit of a git context"],
];

/**
 * The files of a repository. A daemon from before 0.9 gives the whole of it, of which a directory is then copied.
 * @throws MissingCapabilityError when the daemon does not know something else that the reference asks for.
 */
export function gitRoot({ llb }: Capabilities, reference: GitReference, name: string): Output {
  for (const [part, capability, purpose] of NEEDS) {
    if (reference[part]) llb.require(capability, purpose);
  }
  if (llb.has("source.git.subdir")) return git({ ...reference, name });
  const { subdirectory = "", ...whole } = reference;
  return inSubdirectory(git({ ...whole, name }), subdirectory);
}
