import type { ServiceError } from "@grpc/grpc-js";
import { google } from "../pb/generated.js";
import { GatewayError } from "./gateway-error.ts";
import type { StatusDetail } from "./status.ts";

/** An error of grpc-js with the daemon's details decoded. Details that cannot be read are left out. */
export function fromServiceError(error: ServiceError): GatewayError {
  const [status] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const details = typeof status === "object" ? readDetails(status) : [];
  return new GatewayError({ code: error.code, message: error.details, details });
}

function readDetails(status: Uint8Array): readonly StatusDetail[] {
  try {
    return google.rpc.Status.decode(status).details.map(({ typeUrl = "", value = new Uint8Array() }) => ({
      typeUrl,
      value,
    }));
  } catch {
    return [];
  }
}
