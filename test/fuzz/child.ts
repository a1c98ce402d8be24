import { openSync, writeSync } from "node:fs";
import { build } from "./build.ts";
import { readCorpus } from "./corpus.ts";
import { inputOf } from "./inputs.ts";
import { type Finding, MAX_MEGABYTES, MAX_SECONDS, type Progress } from "./limits.ts";

// The process that takes the inputs: `child.ts FIRST COUNT FILE`. Each seed stands in FILE before it is tried, so that
// whoever started this knows what never ended. Findings and the progress are lines of JSON on the standard output.

const [first = 0, count = 0] = process.argv.slice(2, 4).map(Number);
const position = openSync(process.argv[4] ?? "", "w");
const corpus = readCorpus();

/** How often the progress is told, in inputs. */
const OFTEN = 1000;

let [seconds, slowest] = [0, 0];

/** Takes the input of a seed; what there is to say of it. */
async function take(seed: number): Promise<Omit<Finding, "seed"> | undefined> {
  const { input } = inputOf(seed, corpus);
  const before = process.cpuUsage();
  let failure: unknown;
  try {
    await build(input);
  } catch (error) {
    failure = error;
  }
  const { user, system } = process.cpuUsage(before);
  const taken = (user + system) / 1_000_000;
  seconds += taken;
  slowest = Math.max(slowest, taken);
  if (failure !== undefined)
    return { kind: "defect", what: String(failure instanceof Error ? failure.stack : failure).slice(0, 1000) };
  if (taken > MAX_SECONDS) return { kind: "slow", what: `${taken.toFixed(1)} s` };
  return megabytes() > MAX_MEGABYTES ? { kind: "memory", what: `${megabytes()} MB` } : undefined;
}

function megabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function say(line: Finding | Progress): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

for (let seed = first; seed < first + count; seed++) {
  writeSync(position, `${seed} `.padEnd(20), 0);
  const found = await take(seed);
  if (found !== undefined) say({ seed, ...found });
  const isLast = seed === first + count - 1 || found?.kind === "memory";
  if (isLast || (seed - first) % OFTEN === OFTEN - 1)
    say({ done: seed - first + 1, seconds, slowest, megabytes: megabytes() });
  // What a process has taken it never gives back: the next inputs get another one.
  if (found?.kind === "memory") break;
}
