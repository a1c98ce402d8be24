import type { Capabilities } from "../gateway/capabilities.ts";
import type { Definition } from "../llb/definition.ts";
import { NAME_KEY } from "../llb/op-metadata.ts";

/** What no build can do without, and what it is for. */
const CALLS: readonly (readonly [capability: string, purpose: string])[] = [
  ["solve.base", "solving"],
  ["readfile", "reading the build file"],
  ["readdir", "looking for the neighbours of the build file"],
  ["resolveimage", "looking base images up"],
  ["return", "returning an image"],
];
const OPS: readonly (readonly [capability: string, purpose: string])[] = [
  ["source.local", "reading the build file"],
  ["source.local.sessionid", "reading the build file"],
  ["source.local.followpaths", "reading the build file"],
  ["source.local.sharedkeyhint", "reading the build file"],
  ["file.base", "copying files"],
];

/**
 * Checks that the daemon can do what every build needs.
 * @throws MissingCapabilityError that names what it lacks.
 */
export function requireBasics({ api, llb }: Capabilities): void {
  for (const [capability, purpose] of CALLS) api.require(capability, purpose);
  for (const [capability, purpose] of OPS) llb.require(capability, purpose);
}

/**
 * Checks that the daemon can run a graph. It would refuse one that it cannot, but not say which step is meant.
 * @throws MissingCapabilityError that names what it lacks, and the step.
 */
export function requireOps({ metadata }: Definition, { llb }: Capabilities): void {
  for (const { caps = {}, description = {} } of Object.values(metadata)) {
    for (const capability of Object.keys(caps)) llb.require(capability, `"${description[NAME_KEY] ?? "this build"}"`);
  }
}
