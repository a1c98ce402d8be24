/** A 64-bit number as the generated code takes and gives it: its two halves, or a plain number when it is small. */
export type Int64 = number | Readonly<{ low: number; high: number; unsigned: boolean }>;

type Halves = { low: number; high: number; unsigned: boolean };

/**
 * The wire form of a signed 64-bit value. Times in nanoseconds pass 2^53, so they are `bigint` in our own types;
 * indexes and the sentinel -1 are plain numbers and need no conversion.
 */
export function toInt64(value: bigint): Halves {
  return { low: Number(BigInt.asIntN(32, value)), high: Number(BigInt.asIntN(32, value >> 32n)), unsigned: false };
}

/** The exact value of a decoded signed 64-bit field. */
export function fromInt64(value: Int64): bigint {
  if (typeof value === "number") return BigInt(value);
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}
