/** Every way in which asking a Docker Engine for something can fail. */
export const ENGINE_ERROR_CODES = {
  unreachable: "No engine answers there, or the connection to it was lost.",
  "not-found": "The engine does not have the image or container.",
  conflict: "The state of the image or container does not allow it.",
  invalid: "The engine, or its client, does not accept what was asked.",
  failed: "The engine tried and could not do it.",
} as const;

/** The name of a way to fail. Names are stable: callers may decide by them. */
export type EngineErrorCode = keyof typeof ENGINE_ERROR_CODES;

/** A request that the Docker Engine refused, or that did not reach it. The message holds the engine's own words. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** What the user can do about it. */
  readonly help: string | undefined;

  constructor(code: EngineErrorCode, message: string, { cause, help }: { cause?: unknown; help?: string } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.help = help;
  }
}
