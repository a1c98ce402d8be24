import type { Mirror } from "../plan/locked-install.ts";

/**
 * A URL without user name and password, and with another beginning if there is a mirror for it; of several the longest
 * match counts. The text stays as it is written otherwise: `%2B` and `+` are not the same file to every server.
 */
export function mirrorUrl(text: string, mirrors: readonly Mirror[]): string {
  const url = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
  const [best] = mirrors.filter(([from]) => url.startsWith(from)).sort(([one], [other]) => other.length - one.length);
  return best === undefined ? url : best[1] + url.slice(best[0].length);
}
