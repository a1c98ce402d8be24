import type { TomlPath } from "../diagnostic/diagnostic.ts";
import type { LockRequest } from "../lock/lock-request.ts";
import type { PackageIndex } from "./plan-indices.ts";
import type { Slimming } from "./slim.ts";

/**
 * Dependencies that a lock decides on. Which files that is depends on platform, interpreter and C library of the image:
 * a plan that has this is not complete before they are known.
 */
export type LockedInstall = Readonly<{
  lock: LockRequest;
  /** What is installed, and why from there: `install the packages of uv.lock (next to pyproject.toml)`. */
  title: string;
  /** The image that units run on, and whose interpreter they install for. */
  base: string;
  /** Where in the last stage the layers go: before the step of this number. */
  at: number;
  /** The stage that has the project's wheel in {@link PROJECT_WHEEL}, if it is installed. */
  project?: string;
  /** Stages that only need the interpreter of the base, and run where units run. */
  besides: readonly string[];
  /** What is removed again from what is installed. Sorted. */
  slim: readonly Slimming[];
  /** What URLs begin with, and what they are to begin with instead; the longest match counts. */
  mirrors: readonly Mirror[];
  indices: readonly PackageIndex[];
  /** The path of the build file in the context. */
  buildFile: string;
  origin: TomlPath;
}>;

/** A beginning of URLs, and what stands in for it. */
export type Mirror = readonly [from: string, to: string];

/** The directory of a stage in which the project's wheel is, alone. */
export const PROJECT_WHEEL = "/dist";
