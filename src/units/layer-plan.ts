import { createHash } from "node:crypto";
import type { LockedPackage } from "../lock/locked-package.ts";

/** Which packages share a layer. Groups are in the order in which their layers are stacked, and never empty. */
export type LayerPlan = readonly LayerGroup[];

/** Packages of one layer, sorted by name: a large wheel alone, or the small ones of a bucket. */
export type LayerGroup =
  | Readonly<{ kind: "own"; package: LockedPackage }>
  | Readonly<{ kind: "bucket"; number: number; packages: readonly LockedPackage[] }>;

/** From this size on a wheel has a layer of its own, in bytes. */
export const LARGE: number = 1024 * 1024;

/** The most wheels that have one; further large ones are treated as small. */
export const MOST_OWN = 12;

/** How many layers the small ones share. */
export const BUCKETS = 8;

/**
 * Distributes packages over layers, so that a change of one rewrites little, and another project can reuse the large ones. It
 * depends on names and sizes only. Layers that change rarely, and cost most if they do, come first: where layers are copied
 * over one another, those after a change are copied again.
 */
export function planLayers(packages: readonly LockedPackage[]): LayerPlan {
  const sorted = [...packages].sort(byName);
  const large = sorted
    .filter((one) => sizeOf(one) >= LARGE)
    .sort((one, other) => sizeOf(other) - sizeOf(one) || byName(one, other))
    .slice(0, MOST_OWN);
  const own = new Set(large);
  const small = sorted.filter((one) => !own.has(one));
  const buckets = Array.from({ length: BUCKETS }, (_, number) => ({
    kind: "bucket" as const,
    number,
    packages: small.filter(({ name }) => bucketOf(name) === number),
  }));
  return [
    ...large.map((one) => ({ kind: "own" as const, package: one })),
    ...buckets.filter((bucket) => bucket.packages.length > 0),
  ];
}

/** The bucket of a package, by its normalized name: the same whatever else is installed. */
export function bucketOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % BUCKETS;
}

/** A wheel of unknown size is treated as small. */
function sizeOf({ source }: LockedPackage): number {
  return source.kind === "wheel" ? (source.size ?? 0) : 0;
}

function byName(one: LockedPackage, other: LockedPackage): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
