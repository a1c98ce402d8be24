import { mkfile } from "../llb/mkfile.ts";
import type { Output } from "../llb/vertex.ts";

/** A file of ours: its name and its text. */
export type OwnFile = readonly [name: string, text: string];

/** A filesystem that holds nothing but these files; undefined for none. */
export function ownFiles(files: readonly OwnFile[]): Output | undefined {
  return files.reduce<Output | undefined>(
    (base, [name, data]) =>
      mkfile({
        ...(base !== undefined && { base }),
        path: `/${name}`,
        mode: 0o644,
        data,
        timestamp: 0n,
        name: `[internal] ${name}`,
      }),
    undefined,
  );
}
