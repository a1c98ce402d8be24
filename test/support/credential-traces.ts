import type { Credentials } from "../fixture/credentials.ts";

/** One form in which a secret may be found again. */
export type Trace = Readonly<{ form: string; bytes: Buffer }>;

/** What is shorter would be found by chance. */
const SHORTEST = 6;

/**
 * Every form in which these credentials may have been written down: raw, as UTF-8 and as Latin-1, percent-encoded in all
 * manners, in base64 wherever it began, in hexadecimal, escaped for JSON; and the runs of letters and digits in them,
 * which most other escapes leave alone.
 */
export function tracesOf(credentials: readonly Credentials[]): readonly Trace[] {
  const traces = new Map<string, Trace>();
  for (const { user, password } of credentials) {
    for (const [what, text] of Object.entries({ user, password, both: `${user}:${password}` })) {
      for (const [form, bytes] of formsOf(text)) {
        if (bytes.length < SHORTEST) throw new RangeError(`${what} as ${form} is too short to be searched for`);
        traces.set(bytes.toString("latin1"), { form: `${what}: ${form}`, bytes });
      }
    }
  }
  return [...traces.values()];
}

function* formsOf(text: string): Iterable<readonly [string, Buffer]> {
  const once = Buffer.from(text);
  // A user may be encoded as Latin-1, or twice as UTF-8.
  const twice = Buffer.from(once.toString("latin1"));
  const latin = Buffer.from(text, "latin1");
  for (const [charset, bytes] of Object.entries({ "UTF-8": once, "UTF-8 twice": twice, "Latin-1": latin })) {
    yield [charset, bytes];
    for (const [safe, pattern] of Object.entries(SAFE)) {
      const upper = percent(bytes, pattern);
      yield [`${charset} in percent, ${safe} left`, Buffer.from(upper)];
      yield [`${charset} in percent, ${safe} left, lower`, Buffer.from(lower(upper))];
      yield [`${charset} in percent, ${safe} left, plus`, Buffer.from(upper.replaceAll("%20", "+"))];
    }
    for (const offset of [0, 1, 2]) {
      const base64 = base64At(bytes, offset);
      yield [`${charset} in base64 at ${offset}`, Buffer.from(base64)];
      yield [`${charset} in base64url at ${offset}`, Buffer.from(urlAlphabet(base64))];
    }
    yield [`${charset} in hexadecimal`, Buffer.from(bytes.toString("hex"))];
    yield [`${charset} in hexadecimal, upper`, Buffer.from(bytes.toString("hex").toUpperCase())];
  }
  const json = JSON.stringify(text).slice(1, -1);
  yield ["JSON", Buffer.from(json)];
  yield ["JSON as Go writes it", Buffer.from(json.replace(/[&<>]/g, unicodeEscape))];
  yield ["JSON in ASCII", Buffer.from(json.replace(/[^ -~]/g, unicodeEscape))];
  for (const [run] of text.matchAll(/[A-Za-z0-9]{8,}/g)) yield ["a run of letters and digits", Buffer.from(run)];
}

const SAFE: Readonly<Record<string, RegExp>> = {
  nothing: /(?!)/,
  "letters and digits": /[A-Za-z0-9]/,
  "unreserved characters": /[A-Za-z0-9._~-]/,
  "a path": /[A-Za-z0-9._~/-]/,
  "a component": /[A-Za-z0-9._~!*'()-]/,
  "sub-delimiters": /[A-Za-z0-9._~!$&'()*+,;=-]/,
};

function percent(bytes: Buffer, safe: RegExp): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return safe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

function lower(encoded: string): string {
  return encoded.replace(/%../g, (code) => code.toLowerCase());
}

/** The characters of base64 that depend on these bytes alone, when they begin at an offset of a group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

function urlAlphabet(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
