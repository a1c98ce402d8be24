import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Finding, MAX_MEGABYTES, type Progress } from "./limits.ts";

/** What some inputs led to. */
export type Outcome = Readonly<{ findings: readonly Finding[] }> & Progress;

/** How long one input may go on before its process is ended, in milliseconds: others may use the machine. */
const PATIENCE = 30_000;

/** What takes inputs: texts that this program reads, or wheels that the installer of the image reads. */
export type Subject = "texts" | "wheels";

const PROGRAMS: Readonly<Record<Subject, readonly string[]>> = {
  texts: [
    ...[process.execPath, `--max-old-space-size=${MAX_MEGABYTES}`, "--import", "tsx"],
    join(import.meta.dirname, "child.ts"),
  ],
  wheels: ["python3", "-S", "-B", join(import.meta.dirname, "wheels.py")],
};

/**
 * Takes the inputs of consecutive seeds in a process of their own, and in another one after each that took too much memory
 * or did not end. `tell` gets what is found, and how far it is, at once.
 */
export async function fuzz(
  subject: Subject,
  { first, count }: Readonly<{ first: number; count: number }>,
  tell: (line: Finding | Progress) => void = () => {},
): Promise<Outcome> {
  const findings: Finding[] = [];
  let total: Progress = { done: 0, seconds: 0, slowest: 0, megabytes: 0 };
  while (total.done < count) {
    const seeds = { first: first + total.done, count: count - total.done };
    const suspects: Finding[] = [];
    const one = await runChild(PROGRAMS[subject], seeds, (line) => {
      if ("seed" in line) suspects.push(line);
      else tell(added(total, line));
    });
    for (const suspect of suspects) {
      for (const finding of await confirmed(subject, suspect)) {
        findings.push(finding);
        tell(finding);
      }
    }
    if (one.done === 0) throw new Error(`the process that takes ${subject} could not be started`);
    total = added(total, one);
  }
  return { findings, ...total };
}

/**
 * A defect is one. Memory and time are measured again in a process that has taken nothing before: what thousands of inputs
 * have left there is not the fault of the last one.
 */
async function confirmed(subject: Subject, suspect: Finding): Promise<readonly Finding[]> {
  if (suspect.kind === "defect") return [suspect];
  const found: Finding[] = [];
  await runChild(PROGRAMS[subject], { first: suspect.seed, count: 1 }, (line) => {
    if ("seed" in line) found.push(line);
  });
  return found;
}

function added(one: Progress, other: Progress): Progress {
  return {
    done: one.done + other.done,
    seconds: one.seconds + other.seconds,
    slowest: Math.max(one.slowest, other.slowest),
    megabytes: Math.max(one.megabytes, other.megabytes),
  };
}

/** Runs one process until it has taken all inputs, or one too many. */
async function runChild(
  [program = "", ...args]: readonly string[],
  { first, count }: Readonly<{ first: number; count: number }>,
  tell: (line: Finding | Progress) => void,
): Promise<Progress> {
  const directory = mkdtempSync(join(tmpdir(), "microb-fuzz-"));
  const position = join(directory, "position");
  const child = spawn(program, [...args, `${first}`, `${count}`, position], { stdio: ["ignore", "pipe", "inherit"] });
  const seedNow = (): number => Number.parseInt(readFileSync(position, "utf8"), 10);
  let progress: Progress = { done: 0, seconds: 0, slowest: 0, megabytes: 0 };
  let watched = { seed: Number.NaN, since: Date.now() };
  let endless: number | undefined;
  const watch = setInterval(() => {
    const seed = safely(seedNow);
    if (seed !== watched.seed) watched = { seed, since: Date.now() };
    else if (Date.now() - watched.since > PATIENCE) {
      endless = seed;
      child.kill("SIGKILL");
    }
  }, 500);
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Finding | Progress;
      if ("done" in line) progress = line;
      tell(line);
    }
    const code = await new Promise<number | null>((resolve) =>
      child.exitCode !== null || child.signalCode !== null ? resolve(child.exitCode) : child.once("exit", resolve),
    );
    if (code === 0) return progress;
    const seed = endless ?? safely(seedNow);
    if (!(seed >= first)) return progress;
    const what = endless === undefined ? `its process ended with ${child.signalCode ?? code}` : "it does not end";
    tell({ seed, kind: endless === undefined ? "memory" : "slow", what });
    return { ...progress, done: seed - first + 1 };
  } finally {
    clearInterval(watch);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Not a number before there is one. */
function safely(read: () => number): number {
  try {
    return read();
  } catch {
    return Number.NaN;
  }
}
