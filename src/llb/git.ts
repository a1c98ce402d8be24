import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** A commit of a repository, or a directory of it. */
export type GitOptions = VertexOptions &
  Readonly<{
    /** As git takes it, without a fragment. */
    remote: string;
    /** The same without scheme and user: it is the same repository however it is fetched. */
    location: string;
    overSsh: boolean;
    /** A branch, a tag or a commit; the remote's default branch without one. */
    ref?: string;
    /** A directory, which becomes the root. */
    subdirectory?: string;
    keepGitDirectory?: boolean;
    /** The commit that the ref must be, or the beginning of its name (`source.git.checksum`). */
    checksum?: string;
    /** Leave submodules out (`source.git.skipsubmodules`). */
    skipSubmodules?: boolean;
    /** `commit` gives files the time of the commit (`source.git.mtime`). */
    times?: "checkout" | "commit";
    /** Ask the remote for the checksum's commit itself (`source.git.fetchbycommit`). */
    fetchByCommit?: boolean;
  }>;

/** Files of a git repository (BuildKit `client/llb/source.go`, `Git`). */
export function git({ remote, location, overSsh, ...options }: GitOptions): Output {
  const { ref = "", subdirectory = "", checksum, times } = options;
  const fragment = subdirectory === "" ? ref : `${ref}:${subdirectory}`;
  const attrs = {
    ...(options.keepGitDirectory && { "git.keepgitdir": "true" }),
    "git.fullurl": remote,
    "git.authtokensecret": "GIT_AUTH_TOKEN",
    "git.authheadersecret": "GIT_AUTH_HEADER",
    ...(overSsh && { "git.mountsshsock": "default" }),
    ...(checksum !== undefined && { "git.checksum": checksum }),
    ...(options.skipSubmodules && { "git.skipsubmodules": "true" }),
    ...(times !== undefined && { "git.mtime": times }),
    ...(options.fetchByCommit && { "git.fetchbycommit": "true" }),
  };
  return outputOf({
    kind: "source",
    identifier: `git://${location}${fragment === "" ? "" : `#${fragment}`}`,
    attrs,
    caps: ["source.git", ...Object.keys(attrs).flatMap((attr) => ATTRIBUTE_CAPS[attr] ?? [])],
    options: vertexOptions(options),
  });
}

/** Secrets are only looked for if the daemon knows how: no capability is asked for them, as upstream. */
const ATTRIBUTE_CAPS: Readonly<Record<string, string>> = {
  "git.keepgitdir": "source.git.keepgitdir",
  "git.fullurl": "source.git.fullurl",
  "git.mountsshsock": "source.git.mountsshsock",
  "git.checksum": "source.git.checksum",
  "git.skipsubmodules": "source.git.skipsubmodules",
  "git.mtime": "source.git.mtime",
  "git.fetchbycommit": "source.git.fetchbycommit",
};
