import type { gateway } from "../pb/generated.js";
import { BASELINE_API_CAPS, BASELINE_LLB_CAPS } from "./baseline-capabilities.ts";

/** What the daemon can do: `api` is about the calls that we may make, `llb` about the ops that it runs. */
export type Capabilities = Readonly<{ api: CapabilitySet; llb: CapabilitySet }>;

/** The capabilities of one list. */
export interface CapabilitySet {
  has(id: string): boolean;
  /** @throws MissingCapabilityError that names the capability, and what it would have been used for. */
  require(id: string, purpose: string): void;
}

/** The daemon is too old for something that was asked for. */
export class MissingCapabilityError extends Error {
  override readonly name = "MissingCapabilityError";
  readonly capability: string;

  constructor(capability: string, purpose: string, reason = "") {
    const why = reason === "" ? "" : `: ${reason}`;
    super(`${purpose} needs a newer BuildKit: this one lacks the capability ${capability}${why}`);
    this.capability = capability;
  }
}

/**
 * The capabilities that a Ping reported. One that is listed but not enabled does not count, and an empty list comes
 * from a daemon from before there were any (BuildKit `util/apicaps/caps.go`, `grpcclient/client.go`).
 */
export function readCapabilities(pong: gateway.PongResponse.$Properties): Capabilities {
  return {
    api: capabilitySet(pong.frontendApiCaps ?? [], BASELINE_API_CAPS),
    llb: capabilitySet(pong.llbCaps ?? [], BASELINE_LLB_CAPS),
  };
}

/**
 * Whether clients show the lines of a file that go with an error. It is not the daemon that does; but its clients are
 * about as old as it is, and those of daemons without warnings (before 0.10) show the message alone.
 */
export function showsSources({ api }: Capabilities): boolean {
  return api.has("gateway.warnings");
}

type Reported = NonNullable<gateway.PongResponse.$Properties["llbCaps"]>;

function capabilitySet(reported: Reported, baseline: readonly string[]): CapabilitySet {
  const enabled = new Set(
    reported.length === 0 ? baseline : reported.filter((cap) => cap.enabled).map(({ id = "" }) => id),
  );
  return {
    has: (id) => enabled.has(id),
    require(id, purpose) {
      if (enabled.has(id)) return;
      throw new MissingCapabilityError(id, purpose, reported.find((cap) => cap.id === id)?.disabledReasonMsg);
    },
  };
}
