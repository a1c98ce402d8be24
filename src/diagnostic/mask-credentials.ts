import type { SourceText } from "./source-text.ts";

/** What stands before the host of a URL. A password in it that should have been encoded may hold slashes and more. */
const URL_CREDENTIALS = /(:\/\/)([^/@\s"']+|[^/@:\s"']{0,255}:(?!\d+\/)[^\s"']{1,255})(@)/g;

/** Values of keys that hold a user name or a password: TOML's strings, and else, as when a quote is missing, the line. */
const KEY_CREDENTIALS =
  /(\b(?:username|password)["']?\s*=[^\S\n]*)("""(?:\\[\s\S]|[^\\])*?(?:"""(?!")|$)|'''[\s\S]*?(?:'''(?!')|$)|"(?:[^"\\\n]|\\.)*"(?!")|'[^'\n]*'(?!')|[^\n]+)/g;

/**
 * A text that can be shown: credentials are asterisks, everything else, and every position, is as it was. Diagnostics,
 * and the sources that travel with them, are made from this text and never from the original.
 */
export function maskCredentials({ filename, text }: SourceText): SourceText {
  const masked = text
    .replace(
      URL_CREDENTIALS,
      (_, start: string, credentials: string, end: string) => start + maskUser(credentials) + end,
    )
    .replace(KEY_CREDENTIALS, (_, key: string, value: string) => key + maskString(value));
  return { filename, text: masked };
}

/** A text that is no file, such as a URL, masked like one. */
export function maskText(text: string): string {
  return maskCredentials({ filename: "", text }).text;
}

/** The account of git servers is no secret, and seeing it helps. */
function maskUser(credentials: string): string {
  return credentials === "git" ? credentials : stars(credentials);
}

function maskString(value: string): string {
  const [quote = ""] = /^(?:"""|'''|"|')/.exec(value) ?? [];
  const isClosed = value.length >= 2 * quote.length && value.endsWith(quote);
  return isClosed ? quote + stars(value.slice(quote.length, value.length - quote.length)) + quote : stars(value);
}

function stars(text: string): string {
  return text.replace(/[^\n]/g, "*");
}
