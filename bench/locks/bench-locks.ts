import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../statistics.ts";
import type { TestEngine } from "../test-engine.ts";
import { readApplication } from "./application.ts";
import { comparison } from "./comparison.ts";
import { CONTENDERS, contender } from "./contender.ts";
import { type Arena, type Measured, measureAll, measureStart, type Scenario } from "./measure.ts";
import { startPushSink } from "./push-sink.ts";
import { lockTargets, type Target } from "./targets.ts";
import { prepareUv, warmUp } from "./warm-up.ts";
import { startWheelServer } from "./wheel-server.ts";

/** The table in Markdown, and what was aimed at. */
export type LockBench = Readonly<{ table: string; targets: readonly Target[] }>;

/** Measures builds from a lock in an engine and gives the table. Contenders take turns within each round. */
export async function benchLocks(
  target: TestEngine,
  rounds: number,
  names: readonly (typeof CONTENDERS)[number][] = CONTENDERS,
): Promise<LockBench> {
  const directory = await mkdtemp(join(tmpdir(), "microb-bench-"));
  const applications = [
    await readApplication("first"),
    await readApplication("first", "small dependency"),
    await readApplication("first", "large dependency"),
    await readApplication("second"),
  ];
  const server = await startWheelServer(applications.map(({ lock }) => lock));
  const sink = await startPushSink();
  const arena: Arena = { target, server, sink, directory: join(directory, "context") };
  try {
    await warmUp(arena, applications);
    if (names.includes("uv")) await prepareUv(target, directory);
    const all = new Map<string, ReadonlyMap<Scenario, Measured>[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      const first = round % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        console.error(`round ${round + 1} of ${rounds}: ${name} ...`);
        all.get(name)?.push(await measureAll(arena, await contender(name, server)));
      }
    }
    const columns = new Map([...all].map(([name, measured]) => [name, medians(measured)]));
    const start = names.includes("microb") ? await measureStart(arena) : Number.NaN;
    return { table: comparison(columns, rounds), targets: lockTargets(columns, start) };
  } finally {
    await Promise.all([server.stop(), sink.stop()]);
    await rm(directory, { recursive: true, force: true });
  }
}

function medians(rounds: readonly ReadonlyMap<Scenario, Measured>[]): ReadonlyMap<Scenario, Measured> {
  const scenarios = [...(rounds[0]?.keys() ?? [])];
  return new Map(
    scenarios.map((scenario) => {
      const of = (key: keyof Measured) => median(rounds.map((round) => round.get(scenario)?.[key] ?? Number.NaN));
      const measured: Measured = {
        build: of("build"),
        ship: of("ship"),
        requests: of("requests"),
        steps: of("steps"),
        newBytes: of("newBytes"),
        layers: of("layers"),
        size: of("size"),
      };
      return [scenario, measured];
    }),
  );
}
