/** The most time of the processor that an input may take, in seconds. */
export const MAX_SECONDS = 2;

/** The most memory that the process may have, in megabytes. */
export const MAX_MEGABYTES = 512;

/** What is found with one input, or how far a process has come. */
export type Finding = Readonly<{
  seed: number;
  kind: "defect" | "slow" | "memory";
  /** What happened. */
  what: string;
}>;

/** What a process of its own did. */
export type Progress = Readonly<{ done: number; seconds: number; slowest: number; megabytes: number }>;
