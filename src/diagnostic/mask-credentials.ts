import type { SourceText } from "./source-text.ts";

/** `//user:password@` of a URL, and the values of keys that hold a user name or a password. */
const URL_CREDENTIALS = /(:\/\/)([^/@\s"']+)(@)/g;
const KEY_CREDENTIALS =
  /(\b(?:username|password)["']?\s*=\s*)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')/g;

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

/** The account of git servers is no secret, and seeing it helps. */
function maskUser(credentials: string): string {
  return credentials === "git" ? credentials : stars(credentials);
}

function maskString(quoted: string): string {
  const [, quote = ""] = /^("""|'''|"|')/.exec(quoted) ?? [];
  return quote + stars(quoted.slice(quote.length, -quote.length)) + quote;
}

function stars(text: string): string {
  return text.replace(/[^\n]/g, "*");
}
