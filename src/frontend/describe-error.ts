import { type LocatedDiagnostic, locateDiagnostics, renderDiagnostics } from "../diagnostic/render.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { GatewayError } from "../gateway/gateway-error.ts";
import { STATUS_CODE, type Status, type StatusDetail } from "../gateway/status.ts";
import { sourceDetail } from "../gateway/status-detail.ts";
import { toStatus } from "../gateway/to-status.ts";
import { originOf } from "./origin.ts";

/**
 * What is returned for an error. Problems of the user's input carry their places as details, for clients that show
 * them; others read file, line and caret in the text. Errors of the daemon go back as they came.
 */
export async function describeError(error: unknown, clientShowsSources: boolean): Promise<Status> {
  if (!(error instanceof UserError))
    return isDefect(error) ? toStatus(new Error(`microb failed: ${error.message}`)) : toStatus(error);
  const located = await locateDiagnostics(error.diagnostics);
  const sent = withinLimit(located);
  // Clients show the last detail first.
  const details = [...sent].reverse().flatMap(({ source, span }): readonly StatusDetail[] => {
    const origin = originOf(source, span);
    return origin === undefined ? [] : [sourceDetail({ ...origin.file, ranges: origin.ranges })];
  });
  const cause = error.cause instanceof GatewayError ? error.cause.details : [];
  const message = renderDiagnostics(located, "error", (one) => clientShowsSources && sent.includes(one));
  return { code: STATUS_CODE.unknown, message, details: [...details, ...cause] };
}

/** An error that the language throws: it tells about the program, not about the input. */
function isDefect(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof ReferenceError || error instanceof SyntaxError;
}

/** Every detail carries the whole text of its file, and gRPC takes 4 MB in all. The message shows the rest. */
const MAX_SOURCES = 512 * 1024;

function withinLimit(located: readonly LocatedDiagnostic[]): LocatedDiagnostic[] {
  let room = MAX_SOURCES;
  return located.filter(({ source }) => {
    room -= source?.text.length ?? 0;
    return room >= 0;
  });
}
