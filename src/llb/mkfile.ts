import type { Owner } from "./file-action.ts";
import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** Which file. Only the permission bits of `mode` are used; text is written as UTF-8. */
export type MkfileOptions = VertexOptions &
  Readonly<{
    base?: Output;
    path: string;
    mode: number;
    data: Uint8Array | string;
    owner?: Owner;
    timestamp?: bigint;
  }>;

/** The base with one more file, whose parent directory must exist. */
export function mkfile({ base, path, mode, data, ...options }: MkfileOptions): Output {
  const { owner, timestamp } = options;
  return outputOf({
    kind: "file",
    ...(base !== undefined && { base }),
    actions: [
      {
        kind: "mkfile",
        path,
        mode,
        data: typeof data === "string" ? new TextEncoder().encode(data) : data,
        ...(owner !== undefined && { owner }),
        ...(timestamp !== undefined && { timestamp }),
      },
    ],
    options: vertexOptions(options),
  });
}
