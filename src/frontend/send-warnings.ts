import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { locateDiagnostics } from "../diagnostic/render.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { originOf } from "./origin.ts";

/** Shows warnings in the client's progress, attached to `vertex`. Daemons before 0.10 cannot; nothing fails then. */
export async function sendWarnings(
  client: GatewayClient,
  vertex: string,
  warnings: readonly Diagnostic[],
): Promise<void> {
  if (warnings.length === 0) return;
  const located = await locateDiagnostics(warnings);
  for (const { diagnostic, source, span } of located) {
    const origin = originOf(source, span);
    const line = span === undefined ? "" : ` (line ${span.line})`;
    await client.warn({
      digest: vertex,
      short: `${diagnostic.code}: ${diagnostic.message}${line}`,
      ...(diagnostic.help !== undefined && { detail: [diagnostic.help] }),
      ...(origin !== undefined && { origin }),
    });
  }
}
