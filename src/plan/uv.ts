import { raw, type ShellText, sh } from "../util/sh.ts";
import { ENVIRONMENT, PYTHON } from "./layout.ts";
import { hasCredentials, type Pip, pipAccess, pipCall, planPip, SCRATCH } from "./pip.ts";
import { UV_SETTINGS } from "./pip-functions.ts";
import type { PackageIndex } from "./plan-indices.ts";
import { explained, type Mount, run } from "./step.ts";

const CONFIG = `${SCRATCH}/uv.toml`;
const CACHE_DIRECTORY = "/root/.cache/uv";
const CACHE: Mount = { kind: "cache", target: CACHE_DIRECTORY, sharing: "shared" };

/** uv leaves its lock file in the environment, and the times of the files that it built from: they differ in each build. */
const TIDY = [
  sh`rm -f ${`${ENVIRONMENT}/.lock`}`,
  sh`find ${ENVIRONMENT} -path ${"*.dist-info/uv_cache.json"} -exec rm {} +`,
  sh`find ${ENVIRONMENT} -path ${"*.dist-info/RECORD"} -exec sed -i ${"/\\.dist-info\\/uv_cache\\.json,/d"} {} +`,
].join(" && ") as ShellText;

/**
 * uv instead of pip. It uses the indexes that pip would use, of the target and of the base image: pip prints them, and a
 * configuration in memory passes them to uv. With credentials it keeps no cache, like pip.
 *
 * `buildFile` is the path of the build file in the context. `hasPasswords` is for requirements that have a password in them.
 */
export function planUv(indices: readonly PackageIndex[], buildFile: string, hasPasswords = false): Pip {
  const access = pipAccess(indices, buildFile, hasPasswords);
  const isPrivate = hasPasswords || indices.some(hasCredentials);
  const replacesPublic = indices.some(({ isDefault }) => isDefault);
  const environment = [
    `UV_CONFIG_FILE=${CONFIG}`,
    isPrivate ? "UV_NO_CACHE=1" : `UV_CACHE_DIR=${CACHE_DIRECTORY}`,
    "UV_LINK_MODE=copy",
    "UV_SYSTEM_CERTS=1",
  ];
  const getUv = access.guarded(pipCall(sh`pip install --no-compile`, sh`uv`, access.options));
  return {
    ...planPip(indices, buildFile, hasPasswords),
    setup: [explained(run("install uv", [...access.before, getUv], access.mounts), access.functions)],
    mounts: isPrivate ? access.mounts : [CACHE],
    functions: [...access.functions, UV_SETTINGS],
    before: [
      ...access.before,
      sh`mkdir -p ${SCRATCH}`,
      pipCall(sh`settings`, sh`> ${CONFIG}`, access.options),
      ...(replacesPublic ? [sh`unset UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL`] : []),
      sh`export ${environment}`,
    ],
    install: (what) => access.guarded(sh`uv pip install --python ${PYTHON} ${raw(what)} && ${raw(TIDY)}`),
    file: (path, hasHashes) => sh`${[...(hasHashes ? ["--require-hashes"] : []), "--requirement", path]}`,
    // It takes UTF-8, and UTF-16 with a mark (uv `crates/uv-fs/src/lib.rs`, `read_to_string_transcode`).
    readsCodingLines: false,
  };
}
