import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { SHARED_LIBRARIES } from "../install/native-packages.ts";
import { CHECK_START_SCRIPT } from "../install/scripts.generated.ts";
import { exec } from "../llb/exec.ts";
import type { Origin } from "../llb/origin.ts";
import type { Output } from "../llb/vertex.ts";
import type { Platform } from "../oci/platform.ts";
import type { ImageSettings } from "../plan/image-plan.ts";
import { ENVIRONMENT } from "../plan/layout.ts";
import { type Limits, limitsOf } from "./limits.ts";
import type { StageState } from "./llb-state.ts";
import { ownFiles } from "./own-files.ts";

/** What a check is made for. */
export type CheckedStart = Readonly<{
  platform: Platform;
  /** The entry that says what is started. */
  path?: TomlPath;
  originOf: (path: TomlPath) => Origin | undefined;
  ignoreCache: boolean;
  limits: Limits;
}>;

const DIRECTORY = "/run/microb/check";

/**
 * A command on top of the finished image, run as a container of it would be, that fails if what it starts is not there.
 * Nothing uses what it makes: the image is the same with and without it. An image without Python is not looked at.
 */
export function startCheck(state: StageState, image: ImageSettings, checked: CheckedStart): Output {
  const { platform, path, originOf, ignoreCache } = checked;
  const limits = limitsOf(checked.limits);
  const words = startedWords(state, image).slice(0, 2);
  const origin = path === undefined ? undefined : originOf(path);
  const from = ownFiles([
    ["libraries.json", JSON.stringify(SHARED_LIBRARIES)],
    ["check_start.py", CHECK_START_SCRIPT],
  ]);
  return exec({
    name: `[check] start ${words[0] ?? "Python"}`,
    ignoreCache,
    ...(origin !== undefined && { origin: [origin] }),
    root: state.root,
    args: [
      ...["/bin/sh", "-c", 'command -v python >/dev/null || exit 0; exec python -I "$@"', "sh"],
      ...[`${DIRECTORY}/check_start.py`, ENVIRONMENT, ...words],
    ],
    env: Object.fromEntries(state.env),
    cwd: state.workdir,
    ...(state.user !== "" && { user: state.user }),
    mounts: [...(from === undefined ? [] : [{ kind: "bind", dest: DIRECTORY, from } as const]), ...limits.mounts],
    network: "none",
    ...limits.options,
    platform,
  });
}

/** What a container runs, if the build file says it: a base image's own is its own affair. */
function startedWords({ base }: StageState, { entrypoint, command = [] }: ImageSettings): readonly string[] {
  if (entrypoint !== undefined) return [...entrypoint, ...command];
  return (base.config?.Entrypoint ?? []).length > 0 ? [] : command;
}
