import { maskText } from "../util/mask.ts";
import { GatewayError } from "./gateway-error.ts";
import { STATUS_CODE, type Status } from "./status.ts";

/**
 * The only way from an error to what is returned to the daemon.
 *
 * - An error of the daemon's own goes back as it came: its details hold the failing op and the lines to show.
 * - An error whose `cause`, at any depth, is one of those keeps its own message with that one's code and details.
 * - `describe` may know the error; it is how errors of the user's input bring their source along.
 * - Anything else is `unknown` with its message, which clients print without a code in front.
 *
 * No message has credentials in it, whoever wrote it: a daemon quotes URLs and what servers answer.
 */
export function toStatus(error: unknown, describe?: (error: unknown) => Status | undefined): Status {
  const status = statusOf(error, describe);
  return { ...status, message: maskText(status.message) };
}

function statusOf(error: unknown, describe?: (error: unknown) => Status | undefined): Status {
  if (error instanceof GatewayError) return { code: error.code, message: error.message, details: error.details };
  const described = describe?.(error);
  if (described !== undefined) return described;
  if (!(error instanceof Error)) return { code: STATUS_CODE.unknown, message: String(error), details: [] };
  const cause = error.cause === undefined ? undefined : statusOf(error.cause, describe);
  return { code: cause?.code ?? STATUS_CODE.unknown, message: error.message, details: cause?.details ?? [] };
}
