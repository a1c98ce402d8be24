import { GatewayError } from "./gateway-error.ts";
import { STATUS_CODE } from "./status.ts";

/** The calls that wait for an answer of one connection. */
export interface PendingCalls {
  /** The answer of a call, or its failure once the connection is gone. */
  track<T>(start: () => Promise<T>): Promise<T>;
  /** Says that nothing more will arrive. */
  connectionEnded(): void;
}

/**
 * When the connection ends, answers that are already under way get a moment to arrive; then the calls that are left
 * fail. Without it a lost connection could leave one waiting forever.
 */
export function createPendingCalls(graceMilliseconds: number): PendingCalls {
  const rejects = new Set<(error: GatewayError) => void>();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  return {
    track(start) {
      if (ended) return Promise.reject(connectionLost());
      return new Promise((resolve, reject) => {
        rejects.add(reject);
        const settle = () => {
          rejects.delete(reject);
          if (rejects.size === 0) clearTimeout(timer);
        };
        start().finally(settle).then(resolve, reject);
      });
    },
    connectionEnded() {
      if (ended) return;
      ended = true;
      if (rejects.size === 0) return;
      timer = setTimeout(() => {
        for (const reject of rejects) reject(connectionLost());
      }, graceMilliseconds);
    },
  };
}

function connectionLost(): GatewayError {
  const message = "the connection to BuildKit was closed";
  return new GatewayError({ code: STATUS_CODE.unavailable, message, details: [] });
}
