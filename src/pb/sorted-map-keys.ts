/**
 * The keys of a map field in the order of their UTF-8 bytes, in which BuildKit writes them when it encodes an op again
 * (`solver/pb/ops.go`, deterministic marshalling). The generated encoders ask this function and nothing else.
 */
export function sortedMapKeys(map: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(map).sort(compareBytes);
}

/** UTF-16 order is byte order, except that the surrogates of characters above U+FFFF sort below U+E000. */
function compareBytes(a: string, b: string): number {
  const simple = a < b ? -1 : a > b ? 1 : 0;
  return SURROGATE.test(a) || SURROGATE.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : simple;
}

const SURROGATE = /[\uD800-\uDFFF]/;
