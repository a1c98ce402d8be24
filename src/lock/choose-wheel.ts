/** The parts of the name of a wheel (PEP 427). */
type WheelName = Readonly<{ build: readonly [number, string]; tags: readonly string[] }>;

/** Wheels have at most some twenty tags, but the name of a file can have millions. */
const MAX_TAGS = 500;

const NAME = /^(.+?)-([^-]+)(?:-(\d[^-]*))?-([^-]+)-([^-]+)-([^-]+)\.whl$/;

/** Reads the name of a wheel; undefined if it is not one, or has too many tags. */
export function parseWheelName(filename: string): WheelName | undefined {
  const [, , , build = "", pythons = "", abis = "", platforms = ""] = NAME.exec(filename) ?? [];
  if (pythons === "") return undefined;
  const [, number = "0", rest = ""] = /^(\d+)(.*)$/.exec(build) ?? [];
  const [ofPython, ofAbi, ofPlatform] = [pythons.split("."), abis.split("."), platforms.split(".")];
  if (ofPython.length * ofAbi.length * ofPlatform.length > MAX_TAGS) return undefined;
  const tags = ofPython.flatMap((python) => ofAbi.flatMap((abi) => ofPlatform.map((one) => `${python}-${abi}-${one}`)));
  return { build: [Number(number), rest], tags: tags.map((tag) => tag.toLowerCase()) };
}

/** The best wheel for an interpreter: the one with the best-ranked tag, then the one with the highest build. */
export function chooseWheel<W extends Readonly<{ filename: string }>>(
  wheels: readonly W[],
  ranks: ReadonlyMap<string, number>,
): W | undefined {
  let best: Readonly<{ wheel: W; rank: number; build: readonly [number, string] }> | undefined;
  for (const wheel of wheels) {
    const name = parseWheelName(wheel.filename);
    if (name === undefined) continue;
    const rank = Math.min(...name.tags.map((tag) => ranks.get(tag) ?? Number.POSITIVE_INFINITY));
    if (rank === Number.POSITIVE_INFINITY) continue;
    const isBetter = best === undefined || rank < best.rank || (rank === best.rank && isHigher(name.build, best.build));
    if (isBetter) best = { wheel, rank, build: name.build };
  }
  return best?.wheel;
}

function isHigher(one: readonly [number, string], other: readonly [number, string]): boolean {
  return one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}
