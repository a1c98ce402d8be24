/**
 * Where a URL begins, with its scheme or without; one that was taken for a path has lost a slash. Names of images have a
 * colon and an `@`, but no password.
 */
const START = /(?:(?<!docker-image|oci-layout):\/\/|(?<=\bhttps?):\/|(?<![\w.:/-])\/\/)(?!git@)/g;

/** What stands before a path, if it is written as it should be. */
const AUTHORITY = /[^\s"'<>/?#]*/y;

/** What is surely a host, and no part of a password that has an `@` in it. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|localhost|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:\d))(?::\d*)?[^\w:]*$/;

/** What may be one, where nothing says that a password comes before it. */
const PLAIN_HOST = /^[^:]*(?::\d*)?$/;

/** A user and the start of a password, but not a host and its port. */
const USER = /^[^:[]*:(?!\d*$)/;

/** Parameters of URLs that are passwords, such as those of signed ones. */
const PARAMETERS =
  /([?&](?:[\w.-]{0,60}[_-])?(?:api_?key|auth|authorization|credentials?|key|passw(?:or)?d|secret|sig|signature|token)=)([^&#\s"'<>]+)/gi;

/** What a client sends, and a server may send back. */
const AUTHORIZATION = /(\b(?:Basic|Bearer) +)(?![Aa]uth|realm)([\w+/=.~-]{6,})/g;

/**
 * A text whose URLs can be shown: credentials in them are asterisks, everything else, and every position, is as it was.
 * The account `git` is no secret, and seeing it helps.
 */
export function maskUrls(text: string): string {
  const masked = text.split("\n").map(maskLine).join("\n");
  return masked.replace(PARAMETERS, (_, start: string, value: string) => start + stars(value));
}

/** A text that leaves the program in any way but as a file: without credentials, as URLs and headers have them. */
export function maskText(text: string): string {
  return maskUrls(text).replace(AUTHORIZATION, (_, start: string, value: string) => start + stars(value));
}

/** As much of a text of the user as a message has room for. It is masked before it is cut: half of a URL cannot be. */
export function shorten(text: string, length = 80): string {
  const masked = maskText(text);
  return masked.length > length ? `${masked.slice(0, length)}…` : masked;
}

/** References that pip and uv replace in requirements files (`pip/_internal/req/req_file.py`, `ENV_VAR_RE`). */
const REFERENCE = /\$\{[A-Z0-9_]+\}/g;

/** A user name that is none: hosts of repositories take a token in its place. */
const TOKEN = /^(?=.*\d)\S{16,}$/;

/**
 * Where the first URL of a text has a password, or a token instead of one, that everybody can read. The user of ssh is part
 * of an address, that of an index a name; what is a reference to a variable is not there to be read.
 */
export function literalCredentials(text: string): Readonly<{ line: number; start: number; end: number }> | undefined {
  for (const [index, line] of text.split("\n").entries()) {
    for (const [start, end] of credentialSpans(line)) {
      const credentials = line.slice(start, end).replace(REFERENCE, "");
      const isSecret = credentials.includes(":") ? credentials !== ":" : isToken(credentials, line.slice(0, start));
      if (isSecret) return { line: index + 1, start, end };
    }
  }
  return undefined;
}

function isToken(user: string, before: string): boolean {
  if (/ssh:\/\/$/.test(before)) return false;
  return user !== "" && (/git\+https?:\/\/$/.test(before) || TOKEN.test(user));
}

/** A URL as it may be shown, without user name and password; the account `git` stays. */
export function withoutCredentials(url: string): string {
  const [span] = credentialSpans(url);
  return span === undefined ? url : url.slice(0, span[0]) + url.slice(span[1] + 1);
}

/** As many asterisks as a text has characters. */
export function stars(text: string): string {
  return text.replace(/[^\n]/g, "*");
}

function maskLine(line: string): string {
  let [masked, done] = ["", 0];
  for (const [start, end] of credentialSpans(line)) {
    masked += line.slice(done, start) + stars(line.slice(start, end));
    done = end;
  }
  return masked + line.slice(done);
}

function credentialSpans(line: string): readonly (readonly [start: number, end: number])[] {
  const spans: (readonly [number, number])[] = [];
  const last = line.lastIndexOf("@");
  let done = 0;
  for (const { 0: mark, index } of last < 0 ? [] : line.matchAll(START)) {
    const start = index + mark.length;
    const end = start < done ? start : credentialsEnd(line, start, last);
    if (end > start) spans.push([start, end]);
    done = Math.max(done, end);
  }
  return spans;
}

/**
 * Where the credentials end that begin at `start`: at the last `@` before the path. A password that should have been
 * encoded may hold slashes, quotes and blanks: where it is not clear what the host is, the last `@` of the line is taken.
 */
function credentialsEnd(line: string, start: number, last: number): number {
  AUTHORITY.lastIndex = start;
  const [authority = ""] = AUTHORITY.exec(line) ?? [];
  const at = authority.lastIndexOf("@");
  const form = authority.slice(0, at).includes(":") ? HOST : PLAIN_HOST;
  if (at >= 0 && form.test(authority.slice(at + 1))) return start + at;
  return USER.test(authority) ? Math.max(last, start) : start;
}
