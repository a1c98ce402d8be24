/** The text of a file, and its encoding. */
export type DecodedText = Readonly<{
  text: string;
  /** As Python calls it, if it is not plain UTF-8. */
  encoding?: string;
}>;

/** A file with an unknown encoding, or whose bytes are not valid in its encoding. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
}

const MARKS: readonly (readonly [mark: readonly number[], label: string, encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], "utf-8", "utf-8-sig"],
  [[0xff, 0xfe], "utf-16le", "utf-16"],
  [[0xfe, 0xff], "utf-16be", "utf-16"],
];

const DECLARED = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/;

/**
 * Decodes a requirements file as pip does (`pip/_internal/utils/encoding.py`, `auto_decode`): by its byte order mark, else by
 * a coding line (PEP 263), else as UTF-8, which is the encoding of the base images.
 * @throws EncodingError
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  for (const [mark, label, encoding] of MARKS) {
    if (mark.every((byte, index) => bytes[index] === byte))
      return { text: decode(bytes.subarray(mark.length), label), encoding };
  }
  // A coding line is ASCII.
  const [first = "", second = ""] = Buffer.from(bytes.subarray(0, 1024)).toString("latin1").split("\n");
  const declared = DECLARED.exec(first)?.[1] ?? DECLARED.exec(second)?.[1];
  if (declared === undefined || /^utf[-_]?8$/i.test(declared)) return { text: decode(bytes, "utf-8") };
  return { text: decode(bytes, labelOf(declared)), encoding: declared };
}

/** The WHATWG label for a Python name of an encoding: latin-1 and iso8859_15 have other names there. */
function labelOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("_", "-")
    .replace(/^latin-/, "latin")
    .replace(/^iso-?8859-/, "iso-8859-");
}

function decode(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EncodingError(label);
  }
}
