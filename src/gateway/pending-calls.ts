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
 * The connection ended before the daemon had answered anything: BuildKit gives a frontend up whose first bytes have not come
 * ten seconds after it began to start it.
 */
export const NEVER_ANSWERED =
  "the daemon closed the connection before the frontend was ready: the machine is overloaded";

/**
 * When the connection ends, answers that are already under way get a moment to arrive; then the calls that are left
 * fail. Without it a lost connection could leave one waiting forever.
 */
export function createPendingCalls(graceMilliseconds: number): PendingCalls {
  const rejects = new Set<(error: GatewayError) => void>();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let hasAnswered = false;
  const connectionLost = (): GatewayError => {
    const message = hasAnswered ? "the connection to BuildKit was closed" : NEVER_ANSWERED;
    return new GatewayError({ code: STATUS_CODE.unavailable, message, details: [] });
  };

  return {
    track(start) {
      if (ended) return Promise.reject(connectionLost());
      return new Promise((resolve, reject) => {
        rejects.add(reject);
        const settle = () => {
          rejects.delete(reject);
          if (rejects.size === 0) clearTimeout(timer);
        };
        start()
          .finally(settle)
          .then(
            (answer) => {
              hasAnswered = true;
              resolve(answer);
            },
            (error) => reject(isLost(error) && !hasAnswered ? connectionLost() : error),
          );
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

function isLost(error: unknown): boolean {
  return error instanceof GatewayError && error.code === STATUS_CODE.unavailable;
}
