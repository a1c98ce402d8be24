import { EngineError } from "./engine-error.ts";

/**
 * A name, name with tag or digest, or id of an image. It becomes part of a URL, so what is plainly none stays here.
 * @throws EngineError `invalid`
 */
export function checkImageReference(text: string): string {
  if (/^[A-Za-z0-9][\w.:/@-]*$/.test(text) && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(text)) return text;
  throw new EngineError("invalid", `${JSON.stringify(text)} is not the name of an image`);
}
