import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { locateDiagnostics } from "../diagnostic/render.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { explanationUrl, ruleOf } from "../lint/rule.ts";
import { originOf } from "./origin.ts";

/**
 * Shows warnings in the client's progress, attached to `vertex`. Daemons before 0.10 cannot; nothing fails then. Clients
 * show the details only when they are asked (`docker --debug`), so the line that they always show has the remedy.
 */
export async function sendWarnings(
  client: GatewayClient,
  vertex: string,
  warnings: readonly Diagnostic[],
): Promise<void> {
  if (warnings.length === 0) return;
  const located = await locateDiagnostics(warnings);
  for (const { diagnostic, source, span } of located) {
    const rule = ruleOf(diagnostic);
    const origin = originOf(source, span);
    const line = span === undefined ? "" : ` (line ${span.line})`;
    const { message, help } = diagnostic;
    await client.warn({
      digest: vertex,
      short: `${rule.name}: ${message}${line}${help === undefined ? "" : `; help: ${help}`}`,
      detail: [rule.description],
      url: explanationUrl(diagnostic),
      ...(origin !== undefined && { origin }),
    });
  }
}
