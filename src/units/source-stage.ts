import type { LockedPackage, LockedSource } from "../lock/locked-package.ts";
import { download } from "../plan/file-source.ts";
import type { Stage } from "../plan/image-plan.ts";
import { BUILDER } from "../plan/layout.ts";
import { type LockedInstall, PROJECT_WHEEL } from "../plan/locked-install.ts";
import { planPip } from "../plan/pip.ts";
import { sshAccess } from "../plan/ssh.ts";
import { explained, from, run, type Step } from "../plan/step.ts";
import { raw, sh } from "../util/sh.ts";
import { mirrorUrl } from "./mirror-url.ts";
import { packageTitle } from "./unit-name.ts";

/** A source that no daemon can fetch in the form in which it is installed. */
export type UnbuiltSource = Exclude<LockedSource, { kind: "wheel" }>;

const SOURCE = "/source";

/**
 * The stage that builds the wheel of a package into {@link PROJECT_WHEEL}. It starts from the builder, so it has the
 * compilers, the system packages and the variables of the target; what the build itself requires comes from the index.
 */
export function sourceStage(one: LockedPackage, source: UnbuiltSource, locked: LockedInstall): Stage {
  const isWheel = source.kind === "local" && source.path.endsWith(".whl");
  return {
    name: sourceStageName(one),
    base: BUILDER,
    origin: locked.origin,
    steps: [
      ...fetchSteps(one, source, locked),
      ...checkSteps(one, source, locked),
      ...(isWheel ? [] : [buildStep(one, source, locked)]),
    ],
  };
}

/** The name of the stage that has the wheel of a package. */
export function sourceStageName({ name }: LockedPackage): string {
  return `source-${name}`;
}

function fetchSteps(one: LockedPackage, source: UnbuiltSource, locked: LockedInstall): readonly Step[] {
  const title = `the source of ${packageTitle(one)}`;
  switch (source.kind) {
    case "sdist":
      return [
        {
          kind: "add",
          title,
          source: download(mirrorUrl(source.url, locked.mirrors)),
          to: `${SOURCE}/${source.filename}`,
          checksum: `sha256:${source.sha256}`,
          origin: locked.origin,
        },
      ];
    case "local": {
      const to = isFile(source.path) ? `${directoryOf(source.path)}/` : SOURCE;
      return [{ kind: "copy", title, from: { kind: "context" }, sources: [source.path], to, origin: locked.origin }];
    }
    case "git":
      return [];
  }
}

/** Wheels and archives: what else there is are directories. */
function isFile(path: string): boolean {
  return /\.(?:whl|zip|tar|tgz|tar\.(?:gz|bz2|xz))$/.test(path);
}

/** A wheel needs no building. */
function directoryOf(path: string): string {
  return path.endsWith(".whl") ? PROJECT_WHEEL : SOURCE;
}

/** The path of the source, if pip does not fetch it. */
function sourcePath(source: Exclude<UnbuiltSource, { kind: "git" }>): string {
  const name = source.kind === "sdist" ? source.filename : (source.path.split("/").at(-1) ?? "");
  if (source.kind === "local" && !isFile(source.path)) return SOURCE;
  return `${source.kind === "local" ? directoryOf(source.path) : SOURCE}/${name}`;
}

/** What comes from the build context is checked by a step, if the lock has a hash of it. */
function checkSteps(one: LockedPackage, source: UnbuiltSource, locked: LockedInstall): readonly Step[] {
  if (source.kind !== "local" || source.sha256 === undefined || !isFile(source.path)) return [];
  const failure = `microb: ${source.path} is not the file of the lock: its sha256 is another`;
  const command = sh`echo ${`${source.sha256}  ${sourcePath(source)}`} | sha256sum -c - || { echo ${failure} >&2; exit 1; }`;
  return [{ ...from(run(`check ${packageTitle(one)}`, [sh`{ ${raw(command)}; }`]), locked.origin), network: "none" }];
}

function buildStep(one: LockedPackage, source: UnbuiltSource, locked: LockedInstall): Step {
  const what = source.kind === "git" ? gitRequirement(one, source) : sourcePath(source);
  const access = sshAccess(source.kind === "git" ? [what] : []);
  const pip = planPip(locked.indices, locked.buildFile);
  const commands = [...access.before, ...pip.before, pip.wheel(sh`${what}`, PROJECT_WHEEL)];
  const title = `build ${packageTitle(one)} ${REASONS[source.kind]}`;
  return from(explained(run(title, commands, [...pip.mounts, ...access.mounts]), pip.functions), locked.origin);
}

const REASONS: Readonly<Record<UnbuiltSource["kind"], string>> = {
  sdist: "(the lock has no wheel for this image)",
  git: "from its repository",
  local: "from the build context",
};

function gitRequirement(
  { name }: LockedPackage,
  { url, commit, subdirectory }: Extract<UnbuiltSource, { kind: "git" }>,
) {
  const directory = subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;
  // The user of ssh is part of the address, the one of http is a credential.
  const address = /^https?:/.test(url) ? mirrorUrl(url, []) : url;
  return `${name} @ git+${address}@${commit}${directory}`;
}
