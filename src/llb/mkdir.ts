import type { Owner } from "./file-action.ts";
import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** Which directory. Only the permission bits of `mode` are used. */
export type MkdirOptions = VertexOptions &
  Readonly<{
    base?: Output;
    path: string;
    mode: number;
    makeParents?: boolean;
    owner?: Owner;
    timestamp?: bigint;
  }>;

/** The base with one more directory. */
export function mkdir({ base, path, mode, makeParents = false, ...options }: MkdirOptions): Output {
  const { owner, timestamp } = options;
  return outputOf({
    kind: "file",
    ...(base !== undefined && { base }),
    actions: [
      {
        kind: "mkdir",
        path,
        mode,
        makeParents,
        ...(owner !== undefined && { owner }),
        ...(timestamp !== undefined && { timestamp }),
      },
    ],
    options: vertexOptions(options),
  });
}
