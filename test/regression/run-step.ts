import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import type { RunStep, Step } from "../../src/plan/step.ts";

/** The steps of one stage. */
export function stepsOf({ stages }: ImagePlan, stage: string): readonly Step[] {
  return stages.find(({ name }) => name === stage)?.steps ?? [];
}

/** The builder's only run step with such a title. */
export function runStep(plan: ImagePlan, title: RegExp): RunStep {
  const [found, ...others] = stepsOf(plan, "builder").filter(
    (step): step is RunStep => step.kind === "run" && title.test(step.title),
  );
  if (found === undefined || others.length > 0) throw new Error(`there is not one step called ${title}`);
  return found;
}

/** What a shell makes of a step's call of pip: the words that pip gets, and the files that appear besides. */
export function callOfPip({ commands }: RunStep): Readonly<{ words: readonly string[]; files: readonly string[] }> {
  const call = commands.find((text) => text.startsWith("pip "));
  const directory = mkdtempSync(join(tmpdir(), "microb-pip-"));
  try {
    const script = `pip() { printf '%s\\0' "$@"; }\n${call}`;
    const { stdout, status } = spawnSync("sh", ["-c", script], { cwd: directory, encoding: "utf8" });
    if (status !== 0) throw new Error(`the shell ended with ${status}: ${script}`);
    return { words: stdout.split("\0").slice(0, -1), files: readdirSync(directory) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
