import { literalCredentials, maskUrls, stars } from "../util/mask.ts";
import { atSpan, type Place } from "./diagnostic.ts";
import type { SourceText } from "./source-text.ts";

/** Keys that hold a user name, a password or a token, however they are misspelled; but not those that name a secret of the build. */
const KEY = String.raw`(?<![\w-])(?!(?:username|password)_secret\b)(?:username|[\w-]{0,60}?(?:pas+w\w{0,10}|passphrase|api_?key|auth|credentials?|private_?key|secret|secret_?key|token))`;

/** Values of such keys: TOML's strings, and else, as when a quote is missing, the line. */
const KEY_CREDENTIALS = new RegExp(
  String.raw`(${KEY}["']?\s*=[^\S\n]*)("""(?:\\[\s\S]|[^\\])*?(?:"""(?!")|$)|'''[\s\S]*?(?:'''(?!')|$)|"(?:[^"\\\n]|\\.)*"(?!")|'[^'\n]*'(?!')|[^\n]+)`,
  "gi",
);

/**
 * A text that can be shown: credentials are asterisks, everything else, and every position, is as it was. Diagnostics,
 * and the sources that travel with them, are made from this text and never from the original.
 */
export function maskCredentials({ filename, text }: SourceText): SourceText {
  const masked = maskUrls(text).replace(KEY_CREDENTIALS, (_, key: string, value: string) => key + maskString(value));
  return { filename, text: masked };
}

/** The first URL of a text that has a password or a token in it, in the masked source. */
export function credentialsPlace(text: string, shown: SourceText): Place | undefined {
  const found = literalCredentials(text);
  return found && atSpan(shown, { line: found.line, column: found.start + 1, length: found.end - found.start });
}

function maskString(value: string): string {
  const [quote = ""] = /^(?:"""|'''|"|')/.exec(value) ?? [];
  const isClosed = value.length >= 2 * quote.length && value.endsWith(quote);
  return isClosed ? quote + stars(value.slice(quote.length, value.length - quote.length)) + quote : stars(value);
}
