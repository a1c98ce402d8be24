import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCorpus } from "./corpus.ts";
import { inputOf } from "./inputs.ts";
import type { Finding, Progress } from "./limits.ts";
import { fuzz, type Subject } from "./run.ts";

// `npm run fuzz -- [COUNT] [SEED]`: takes the inputs of so many seeds from this one on, a tenth of them wheels. What is found
// is told with its seed: `npm run fuzz -- 1 SEED` takes its text and its wheel again. Texts are written into the directory for
// temporary files.

const [count = 10_000, first = 1] = process.argv.slice(2).map(Number);
const wheels = Math.ceil(count / 10);

function tellFinding(subject: Subject, { seed, kind, what }: Finding): void {
  process.stdout.write(`${kind}: ${subject}, seed ${seed}: ${what}\n`);
  if (subject === "wheels") return;
  const file = join(tmpdir(), `microb-fuzz-${seed}.json`);
  writeFileSync(file, JSON.stringify(inputOf(seed, readCorpus()), null, 2));
  process.stdout.write(`  ${file}\n`);
}

function tellTotal(subject: Subject, found: number, { done, seconds, slowest, megabytes }: Progress): void {
  const [each, most] = [((seconds / done) * 1000).toFixed(1), slowest.toFixed(2)];
  process.stdout.write(
    `${done} ${subject}, seeds ${first} to ${first + done - 1}: ${found} findings; ` +
      `${each} ms of the processor each, at most ${most} s, ${megabytes} MB\n`,
  );
}

for (const [subject, some] of [
  ["texts", Math.max(1, count - wheels)],
  ["wheels", wheels],
] as const) {
  let found = 0;
  let progress: Progress | undefined;
  // Whoever ends a long run wants to know what came of it.
  const end = (): void => {
    if (progress !== undefined) tellTotal(subject, found, progress);
    process.exit(1);
  };
  process.once("SIGINT", end);
  const total = await fuzz(subject, { first, count: some }, (line) => {
    if ("seed" in line) {
      found++;
      tellFinding(subject, line);
    } else progress = line;
  });
  process.removeListener("SIGINT", end);
  tellTotal(subject, found, total);
  if (found > 0) process.exitCode = 1;
}
