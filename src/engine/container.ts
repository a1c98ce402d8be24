/** A container that was started and may still run. Disposing of it stops it. */
export type StartedContainer = Readonly<{
  id: string;
  /** Its address in the engine's network, which only the engine's own machine can reach. Absent if it has ended. */
  address: string | undefined;
  /** Lets it run to its end. */
  wait(): Promise<StoppedContainer>;
  /** Sends its stop signal (SIGTERM unless the image names another), and SIGKILL after the grace time. */
  stop(): Promise<StoppedContainer>;
}> &
  AsyncDisposable;

/** What remains of a container: by the time anybody sees this, all output is written and the container is removed. */
export type StoppedContainer = Readonly<{
  /** 128 and the number of the signal when it was killed by one. */
  exitCode: number;
  /** Why it was stopped, when it did not end by itself. */
  stopped?: StopReason;
}>;

/** Who stopped a container: the caller, the caller's signal, or its time. */
export type StopReason = "stop" | "abort" | "timeout";
