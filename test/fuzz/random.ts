/** Choices that look random and are the same for the same seed. */
export type Random = Readonly<{
  /** From 0 up to, and without, a bound. */
  below: (bound: number) => number;
  pick: <T>(items: readonly T[]) => T;
  /** Whether one of so many cases has come. */
  oneIn: (cases: number) => boolean;
  /** So many values, up to a bound. */
  some: <T>(most: number, make: () => T) => readonly T[];
}>;

/** Choices for a seed (SplitMix32). */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (bound: number): number => next() % Math.max(1, bound);
  return {
    below,
    pick: <T>(items: readonly T[]): T => items[below(items.length)] as T,
    oneIn: (cases) => below(cases) === 0,
    some: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}
