import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** A directory that the client offers under the name `local`. */
export type LocalOptions = VertexOptions &
  Readonly<{
    local: string;
    /** Without one it is the session of whoever asks for the build. */
    sessionId?: string;
    /** Only these paths, and what their symbolic links lead to; wildcards allowed. */
    followPaths?: readonly string[];
    includePatterns?: readonly string[];
    excludePatterns?: readonly string[];
    /** Transfers with the same hint share what was sent before. */
    sharedKeyHint?: string;
    /** `none` sends every file anew: right for a few small ones. Daemons that do not know it compare metadata. */
    differ?: "none" | "metadata";
  }>;

/**
 * The client's directory (BuildKit `client/llb/source.go`, `Local`). Lists of paths and patterns are written as JSON;
 * paths are a set and therefore sorted, the order of patterns has a meaning and is kept.
 */
export function local({ local, sessionId, ...options }: LocalOptions): Output {
  const { followPaths = [], includePatterns = [], excludePatterns = [], sharedKeyHint, differ } = options;
  const attrs = {
    ...(sessionId !== undefined && { "local.session": sessionId }),
    ...(followPaths.length > 0 && { "local.followpaths": JSON.stringify([...followPaths].sort()) }),
    ...(includePatterns.length > 0 && { "local.includepattern": JSON.stringify(includePatterns) }),
    ...(excludePatterns.length > 0 && { "local.excludepatterns": JSON.stringify(excludePatterns) }),
    ...(sharedKeyHint !== undefined && { "local.sharedkeyhint": sharedKeyHint }),
    ...(differ !== undefined && { "local.differ": differ }),
  };
  return outputOf({
    kind: "source",
    identifier: `local://${local}`,
    attrs,
    caps: ["source.local", ...Object.keys(attrs).flatMap((attr) => ATTRIBUTE_CAPS[attr] ?? [])],
    options: vertexOptions(options),
  });
}

const ATTRIBUTE_CAPS: Readonly<Record<string, string>> = {
  "local.session": "source.local.sessionid",
  "local.followpaths": "source.local.followpaths",
  "local.includepattern": "source.local.includepatterns",
  "local.excludepatterns": "source.local.excludepatterns",
  "local.sharedkeyhint": "source.local.sharedkeyhint",
};
