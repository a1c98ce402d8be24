import { type ChildProcess, spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { dockerOf } from "../test/support/docker.ts";
import { CONTEXT } from "./cached-build.ts";
import { median } from "./statistics.ts";
import type { TestEngine } from "./test-engine.ts";

/** How many builds start at once, and how many other processes want a processor all the while. */
export type Load = Readonly<{ builds: number; busy: number }>;

/** How the builds of one frontend went. Times are milliseconds of those that did not fail. */
export type LoadResult = Readonly<{
  failed: number;
  median: number;
  /** From the start to the end of the last one, failed or not. */
  total: number;
  /** Why builds failed, each reason once. */
  reasons: readonly string[];
}>;

const LONGEST_BUILD = 15 * 60_000;

/**
 * Starts cached builds of a build file all at once, on a busy machine.
 * @throws Error when not even a build alone succeeds.
 */
export async function buildUnderLoad(
  { engine, docker }: TestEngine,
  file: string,
  { builds, busy }: Load,
): Promise<LoadResult> {
  const args = ["build", "-q", "-f", file, CONTEXT];
  await docker(...args);
  const others = Array.from({ length: busy }, () =>
    spawn(process.execPath, ["-e", "for (;;) {}"], { stdio: "ignore" }),
  );
  try {
    const start = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: builds }, async () => {
        const { code, stderr } = await dockerOf(engine)(args, { timeout: LONGEST_BUILD });
        return { took: performance.now() - start, reason: code === 0 ? undefined : lastLine(stderr) };
      }),
    );
    const failures = outcomes.flatMap(({ reason }) => reason ?? []);
    return {
      failed: failures.length,
      median: median(outcomes.filter(({ reason }) => reason === undefined).map(({ took }) => took)),
      total: Math.max(...outcomes.map(({ took }) => took)),
      reasons: [...new Set(failures)],
    };
  } finally {
    await Promise.all(others.map(ended));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** The results as a table in Markdown, and below it why builds failed. */
export function loadTable(results: Readonly<Record<string, LoadResult>>, { builds }: Load): string {
  const seconds = (time: number) => (Number.isNaN(time) ? "–" : `${(time / 1000).toFixed(1)} s`);
  const rows = Object.entries(results).map(
    ([name, { failed, median, total }]) =>
      `| ${name} | ${failed} of ${builds} | ${seconds(median)} | ${seconds(total)} |`,
  );
  const reasons = Object.entries(results).flatMap(([name, result]) =>
    result.reasons.map((reason) => `- ${name}: ${reason}`),
  );
  const head = ["| frontend | failed | median | all after |", "| --- | ---: | ---: | ---: |"];
  return [...head, ...rows, ...(reasons.length > 0 ? ["", ...reasons] : [])].join("\n");
}
