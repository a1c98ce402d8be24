import { type ShellText, sh } from "../util/sh.ts";
import { SCRATCH } from "./pip.ts";
import type { Mount } from "./step.ts";

/** Which tools fetching requirements takes besides pip. */
export function versionControl(requirements: readonly string[]): Readonly<{ git: boolean; ssh: boolean }> {
  const uses = (scheme: RegExp): boolean => requirements.some((text) => scheme.test(text));
  return { git: uses(/(?:^|@\s*)git\+/), ssh: uses(/(?:^|@\s*)git\+ssh:/) };
}

/** What a step mounts and runs first, so that git can use the build's ssh agent. */
export type SshAccess = Readonly<{ mounts: readonly Mount[]; before: readonly ShellText[] }>;

const OFFERED_HOSTS = "/run/secrets/known_hosts";
const KNOWN_HOSTS = `${SCRATCH}/known_hosts`;

const NO_AGENT =
  "microb: a git+ssh requirement needs an ssh agent, and the build has none: pass --ssh default, with a key in your agent";

/**
 * Host keys are those of the secret `known_hosts` if it is offered, and then no others; else a host is accepted when it
 * is first seen, for this step only. They are always checked.
 */
const SSH_ACCESS: SshAccess = {
  mounts: [{ kind: "ssh" }, { kind: "secret", id: "known_hosts", target: OFFERED_HOSTS }],
  before: [
    sh`{ test -S "$SSH_AUTH_SOCK" || { echo ${NO_AGENT} >&2; exit 1; }; }`,
    sh`mkdir -p ${SCRATCH}`,
    sh`if test -f ${OFFERED_HOSTS}; then cp ${OFFERED_HOSTS} ${KNOWN_HOSTS} && hosts=yes; else hosts=accept-new; fi`,
    sh`export GIT_SSH_COMMAND="ssh -o UserKnownHostsFile=${KNOWN_HOSTS} -o StrictHostKeyChecking=$hosts"`,
  ],
};

const NO_ACCESS: SshAccess = { mounts: [], before: [] };

/** Access to the agent for a step that fetches these requirements; none if it does without. */
export function sshAccess(requirements: readonly string[]): SshAccess {
  return versionControl(requirements).ssh ? SSH_ACCESS : NO_ACCESS;
}
