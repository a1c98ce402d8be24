import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCorpus } from "./corpus.ts";
import { inputOf } from "./inputs.ts";
import type { Finding } from "./limits.ts";
import { fuzz } from "./run.ts";

// `npm run fuzz -- [COUNT] [SEED]`: takes the inputs of so many seeds from this one on. What is found is told with its seed:
// `npm run fuzz -- 1 SEED` takes that input again. Its files are written into the directory for temporary files.

const [count = 10_000, first = 1] = process.argv.slice(2).map(Number);

function tellFinding({ seed, kind, what }: Finding): void {
  const file = join(tmpdir(), `microb-fuzz-${seed}.json`);
  writeFileSync(file, JSON.stringify(inputOf(seed, readCorpus()), null, 2));
  process.stdout.write(`${kind}: seed ${seed}: ${what}\n  ${file}\n`);
}

const { findings, done, seconds, slowest, megabytes } = await fuzz(first, count, (line) => {
  if ("seed" in line) tellFinding(line);
  else if (process.stdout.isTTY) process.stdout.write(`\r${line.done} of ${count}`);
});
process.stdout.write(
  `${done} inputs, seeds ${first} to ${first + done - 1}: ${findings.length} findings; ` +
    `${((seconds / done) * 1000).toFixed(1)} ms each, at most ${slowest.toFixed(2)} s, ${megabytes} MB\n`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
