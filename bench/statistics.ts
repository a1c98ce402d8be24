/** Runs something once and says how long it took, in milliseconds. */
export type Contender = () => Promise<number>;

/** How often everything is run: `warmUp` times without counting, then `rounds` times. */
export type Repetition = Readonly<{ warmUp: number; rounds: number }>;

/**
 * The median time of every contender. They take turns, and who begins a round changes, so that whatever else the
 * machine does meets all of them alike.
 */
export async function medianTimes<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { warmUp, rounds }: Repetition,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    const first = (round + warmUp) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const time = await contenders[name]();
      if (round >= 0) times.get(name)?.push(time);
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)])) as Record<Name, number>;
}

/** The middle one of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
