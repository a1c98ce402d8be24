import type { Status, StatusDetail } from "./status.ts";

/** A call that the daemon refused, or that could not be made. Carries all that the daemon said about it. */
export class GatewayError extends Error implements Status {
  override readonly name = "GatewayError";
  readonly code: number;
  readonly details: readonly StatusDetail[];

  constructor({ code, message, details }: Status) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
