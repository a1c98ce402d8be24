import { GatewayError } from "../gateway/gateway-error.ts";
import { STATUS_CODE } from "../gateway/status.ts";
import { frontendCapDetail } from "../gateway/status-detail.ts";

/** What this frontend can do beyond building: the label `moby.buildkit.frontend.caps` of its image says the same. */
export const FRONTEND_CAPS: readonly string[] = [
  "moby.buildkit.frontend.inputs",
  "moby.buildkit.frontend.subrequests",
  "moby.buildkit.frontend.contexts",
  "moby.buildkit.frontend.gitquerystring",
];

/**
 * Checks what a client demands of the frontend (BuildKit `frontend/dockerfile/builder/caps.go`). The daemon does so by
 * the label of the image, unless it is not an image that runs.
 * @throws GatewayError that names what is missing, as clients know it.
 */
export function checkFrontendCaps(opts: ReadonlyMap<string, string>): void {
  for (const entry of (opts.get("frontend.caps") ?? "").split(",")) {
    const name = entry.replace(/\+.*$/s, "").trim();
    if (name === "" || FRONTEND_CAPS.includes(name)) continue;
    throw new GatewayError({
      code: STATUS_CODE.unimplemented,
      message: `unsupported frontend capability ${name}`,
      details: [frontendCapDetail(name)],
    });
  }
}
