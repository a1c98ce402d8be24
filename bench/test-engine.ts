import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Engine, type EngineState, readEngines } from "../test/engine/engines.ts";
import { dockerOf, output } from "../test/support/docker.ts";

/** A test engine that is up, and its client as a function that gives what a command writes to standard output. */
export type TestEngine = Readonly<{
  engine: Engine;
  registry: EngineState["registry"];
  docker: (...args: readonly string[]) => Promise<string>;
}>;

const ROOT = join(import.meta.dirname, "..");

/** Starts one of the test engines if it is not up (`test/engine/README.md`). */
export async function startEngine(name: Engine["name"]): Promise<TestEngine> {
  await run("test/engine/up.sh", name);
  const state = readEngines();
  const engine = state?.engines.find((candidate) => candidate.name === name);
  if (state === undefined || engine === undefined) throw new Error(`the engine ${name} is not up`);
  const client = dockerOf(engine);
  return { engine, registry: state.registry, docker: (...args) => output(client, args, { cwd: ROOT }) };
}

/** Runs a program at the top of the repository. */
export async function run(command: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(command, args, { cwd: ROOT });
}
