import type { TomlPath } from "../diagnostic/diagnostic.ts";
import type { Template } from "../substitution/template.ts";
import type { LockedInstall } from "./locked-install.ts";
import type { Step } from "./step.ts";

/**
 * An image to be built, as data. Both readings, Dockerfile and LLB, are made from it. It does not depend on the platform or
 * the wire format, and is the same for the same input on any machine.
 */
export type ImagePlan = Readonly<{
  /** In order; the last one becomes the image. */
  stages: readonly Stage[];
  /** Why the images of Python have this version, as a sentence; set if microb chose it. */
  pythonReason?: string;
  image: ImageSettings;
  /** What never enters a copy of the context, in the syntax of `.dockerignore`. */
  exclude: readonly string[];
  /** Whether it is an error if a step needs the network. */
  hermetic?: boolean;
  /** Dependencies that are still to be put in: the plan is complete without this. */
  locked?: LockedInstall;
}>;

/** One line of filesystems: what it starts from, and what is done to it. */
export type Stage = Readonly<{
  name: string;
  /** The name of an earlier stage, else of an image. */
  base: string;
  steps: readonly Step[];
  /** `build` for a stage that runs on the platform of the machine that builds, whatever the image is for. */
  platform?: "build";
  origin?: TomlPath;
}>;

/** The labels of the image, and how it is started. */
export type ImageSettings = Readonly<{
  /** Undefined leaves that of the base image. */
  entrypoint?: readonly string[];
  command?: readonly string[];
  /** Sorted by name. */
  labels: readonly Label[];
}>;

/** One label. Its value sees the environment of the final stage. */
export type Label = Readonly<{ name: string; value: Template; origin?: TomlPath }>;
