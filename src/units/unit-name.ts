import type { LockedPackage } from "../lock/locked-package.ts";
import type { LayerGroup } from "./layer-plan.ts";

/** The stage that installs a group of packages. */
export function unitName(group: LayerGroup): string {
  return group.kind === "own" ? `wheel-${group.package.name}` : `wheels-${group.number}`;
}

/** The title of a step that installs these packages: on one line, and not too long. */
export function unitTitle(packages: readonly LockedPackage[]): string {
  const names = packages.map(packageTitle);
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return `install ${shown}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ""}`;
}

/** A package with its version. */
export function packageTitle({ name, version }: LockedPackage): string {
  return version === undefined ? name : `${name} ${version}`;
}

const MOST_NAMED = 8;
