import type { HistoryEntry, ImageConfig, RuntimeConfig } from "../oci/image-config.ts";
import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { ImageSettings } from "../plan/image-plan.ts";
import { historyEntry } from "./history.ts";
import type { StageState } from "./llb-state.ts";

/** The settings of an image with their texts substituted. */
export type StartSettings = Omit<ImageSettings, "labels"> & Readonly<{ labels: ReadonlyMap<string, string> }>;

/**
 * The configuration of the image: that of its base, edited as a Dockerfile frontend would (BuildKit
 * `dockerfile2llb/image.go` and `convert.go`). Keys that are unknown here stay.
 */
export function imageConfig(
  { base, env, user, workdir, history }: StageState,
  start: StartSettings,
  { platform, epoch }: Readonly<{ platform: Platform; epoch?: number }>,
): ImageConfig {
  const created = epoch === undefined ? {} : { created: formatTime(epoch) };
  const inBase = base.history?.length ?? 0;
  const { created: _, variant: __, ...kept } = base;
  const { OnBuild: ___, ...inherited } = base.config ?? {};
  const config: RuntimeConfig = {
    ...inherited,
    Env: [...env].map(([name, value]) => `${name}=${value}`),
    ...(user !== "" && { User: user }),
    WorkingDir: workdir,
    Labels: sorted(new Map([...Object.entries(base.config?.Labels ?? {}), ...start.labels])),
    ...startup(start),
  };
  const { os, architecture, variant } = normalizePlatform(platform);
  return {
    ...kept,
    ...created,
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    config,
    rootfs: base.rootfs ?? { type: "layers", diff_ids: [] },
    history: [...history, ...settingsHistory(start)].map((entry, index) =>
      index < inBase ? entry : { ...created, ...entry },
    ),
  };
}

/** An entrypoint of one's own makes the base's command meaningless: it is dropped, as ENTRYPOINT does. */
function startup({ entrypoint, command }: StartSettings): RuntimeConfig {
  return {
    ...(entrypoint !== undefined && { Entrypoint: orNull(entrypoint), Cmd: null }),
    ...(command !== undefined && { Cmd: orNull(command), ArgsEscaped: true }),
  };
}

/** RFC 3339, as Go writes whole seconds. */
function formatTime(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
}

/** An empty list is none. */
function orNull(words: readonly string[]): readonly string[] | null {
  return words.length > 0 ? words : null;
}

function settingsHistory({ entrypoint, command, labels }: StartSettings): readonly HistoryEntry[] {
  const lines = [
    ...[...labels].map(([name, value]) => `LABEL ${name}=${value}`),
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
    ...(command === undefined ? [] : [`CMD ${JSON.stringify(command)}`]),
  ];
  return lines.map((line) => historyEntry(line, "settings"));
}

function sorted(labels: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...labels].sort(([one], [other]) => (one < other ? -1 : 1)));
}
