/** Carries one request at a time to the daemon, as bytes; knows no message. */
export interface Transport {
  /**
   * Calls a method of the bridge by its bare name (`Ping`). There is no deadline: a build takes as long as it takes.
   * @throws GatewayError with the daemon's status, or UNAVAILABLE when the connection is gone.
   */
  unary(method: string, request: Uint8Array): Promise<Uint8Array>;
  /** Lets go of the connection; calls that are still waiting fail. */
  close(): void;
}

/** The largest message that either side takes on daemons since 0.14, and that we take from any daemon. */
export const MAX_MESSAGE_BYTES: number = 16 << 20;
