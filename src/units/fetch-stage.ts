import type { LockedPackage } from "../lock/locked-package.ts";
import type { Stage } from "../plan/image-plan.ts";
import type { LockedInstall } from "../plan/locked-install.ts";
import { fileAccess } from "../plan/pip.ts";
import { FETCH } from "../plan/pip-functions.ts";
import type { PackageIndex } from "../plan/plan-indices.ts";
import { run } from "../plan/step.ts";
import { raw, sh } from "../util/sh.ts";
import { packageTitle } from "./unit-name.ts";

/**
 * The index whose credentials are used for a file: one on the same host. An index with TLS is not used for a file without it:
 * its credentials would be sent in clear text. BuildKit's own downloads cannot use a user name and a password in two secrets.
 */
export function indexOf(url: string, indices: readonly PackageIndex[]): PackageIndex | undefined {
  const { protocol, host } = new URL(url);
  return indices
    .filter(({ username, password }) => username !== undefined || password !== undefined)
    .find((index) => index.url.startsWith(`${protocol}//${host}/`) || index.url.startsWith(`http://${host}/`));
}

/** The name of the stage that downloads the file of a package. */
export function fetchStageName({ name }: LockedPackage): string {
  return `fetch-${name}`;
}

/** A file to download, what its SHA-256 must be in hexadecimal, where it goes to, and whose credentials it takes. */
export type FetchedFile = Readonly<{ url: string; sha256: string; target: string; index: PackageIndex }>;

/** A stage that downloads a wheel with credentials, to the given path, and checks it. Its step has a network, unlike units. */
export function fetchStage(
  one: LockedPackage,
  { url, sha256, target, index }: FetchedFile,
  locked: LockedInstall,
): Stage {
  const access = fileAccess(url, index, locked.buildFile);
  const trust = index.trustedHost === undefined ? [] : ["trust"];
  const commands = [
    ...access.before,
    sh`mkdir -p ${target.slice(0, target.lastIndexOf("/"))}`,
    sh`echo ${raw(access.url)} | fetch ${[sha256, target, ...trust]}`,
  ];
  return {
    name: fetchStageName(one),
    base: locked.base,
    origin: locked.origin,
    steps: [
      {
        ...run(`download ${packageTitle(one)} with the credentials of ${index.url}`, commands, access.mounts),
        functions: [...access.functions, FETCH],
        origin: index.path,
      },
    ],
  };
}
