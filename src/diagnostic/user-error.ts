import type { Diagnostic } from "./diagnostic.ts";

/** The input is wrong in one or more ways. Its stack never reaches the user: `renderDiagnostics` is how it is shown. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(problems: Diagnostic | readonly Diagnostic[]) {
    const diagnostics = "message" in problems ? [problems] : problems;
    super(diagnostics.map(({ message }) => message).join("; "));
    this.diagnostics = diagnostics;
  }

  /** The same error with what led to it: details of the daemon's travel on with the cause. */
  causedBy(cause: unknown): this {
    this.cause = cause;
    return this;
  }
}
