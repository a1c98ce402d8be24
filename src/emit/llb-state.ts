import type { Output } from "../llb/vertex.ts";
import type { HistoryEntry, ImageConfig } from "../oci/image-config.ts";

/** A stage after some of its steps: its filesystem, and the settings that the next step runs with. */
export type StageState = Readonly<{
  root: Output;
  base: ImageConfig;
  env: ReadonlyMap<string, string>;
  workdir: string;
  user: string;
  history: readonly HistoryEntry[];
}>;

/** What a stage starts with: all that its base image sets. */
export function initialState(root: Output, base: ImageConfig): StageState {
  return {
    root,
    base,
    env: new Map((base.config?.Env ?? []).map(splitVariable)),
    // A path that is not absolute begins at the root (BuildKit `client/llb/meta.go`, `dirf`).
    workdir: (base.config?.WorkingDir ?? "").replace(/^\/*/, "/"),
    user: base.config?.User ?? "",
    history: base.history ?? [],
  };
}

/** The name and the value of NAME=VALUE. */
export function splitVariable(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}
