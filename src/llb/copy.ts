import type { CopyFlags, Owner } from "./file-action.ts";
import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** What to copy. Without `base` the files land in an empty filesystem; without `from` they come out of one. */
export type CopyOptions = VertexOptions &
  Readonly<{
    base?: Output;
    from?: Output;
    sources: readonly string[];
    /** Absolute; a slash at the end means "into this directory". */
    to: string;
    owner?: Owner;
    /** Permissions of everything copied and of directories made for it; kept as they are by default. */
    mode?: number;
    /** Nanoseconds since the epoch for everything copied; kept as they are by default. */
    timestamp?: bigint;
    /** Patterns as in `.dockerignore`, relative to the source (`file.copy.includeexcludepatterns`). */
    include?: readonly string[];
    exclude?: readonly string[];
    /** Files of the outcome to remove again, if they are there: for daemons without `exclude`. */
    removed?: readonly string[];
    /** Paths that must exist although `include` would let them be absent (`file.copy.requiredpaths`). */
    required?: readonly string[];
    flags?: Partial<CopyFlags>;
  }>;

/** What a COPY of the Dockerfile frontend sets (BuildKit `dockerfile2llb/convert_copy.go`). */
export const COPY_FLAGS: CopyFlags = Object.freeze({
  followSymlink: true,
  dirCopyContents: true,
  createDestPath: true,
  allowWildcard: true,
  allowEmptyWildcard: true,
  attemptUnpack: false,
  alwaysReplaceExistingDestPaths: false,
});

/**
 * The base with files of another filesystem: one op, in which several sources are several actions.
 * @throws RangeError when there is no source or the target is not absolute.
 */
export function copy({ base, from, sources, to, ...options }: CopyOptions): Output {
  const { owner, mode, timestamp, include = [], exclude = [], removed = [], required = [], flags } = options;
  if (sources.length === 0) throw new RangeError("a copy needs at least one source");
  if (!to.startsWith("/")) throw new RangeError(`a copy needs an absolute target, not "${to}"`);
  return outputOf({
    kind: "file",
    ...(base !== undefined && { base }),
    actions: [
      ...sources.map((source) => ({
        kind: "copy" as const,
        ...(from !== undefined && { from }),
        source,
        to,
        ...(owner !== undefined && { owner }),
        ...(mode !== undefined && { mode }),
        ...(timestamp !== undefined && { timestamp }),
        include,
        exclude,
        required,
        flags: { ...COPY_FLAGS, ...flags },
      })),
      ...removed.map((path) => ({ kind: "rm" as const, path })),
    ],
    options: vertexOptions(options),
  });
}
