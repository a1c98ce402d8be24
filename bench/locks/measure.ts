import { performance } from "node:perf_hooks";
import { dockerOf } from "../../test/support/docker.ts";
import { median } from "../statistics.ts";
import type { TestEngine } from "../test-engine.ts";
import { type ApplicationName, type Change, readApplication } from "./application.ts";
import type { Contender } from "./contender.ts";
import type { PushSink } from "./push-sink.ts";
import type { WheelServer } from "./wheel-server.ts";

/** One build: times in milliseconds, sizes in bytes as they are pushed, compressed. */
export type Measured = Readonly<{
  /** Until everything is built; nothing is exported. */
  build: number;
  /** Until the image is in the engine and pushed, after that. */
  ship: number;
  /** Requests to the index and its files. */
  requests: number;
  /** Steps that were executed, sources and copies included. */
  steps: number;
  /** What had to be uploaded. */
  newBytes: number;
  /** Layers and bytes of the image beyond its base. */
  layers: number;
  size: number;
}>;

/** What is built, one after the other: from nothing, then with the cache of all before. */
export const SCENARIOS = [
  { name: "cold", application: "first", change: "nothing" },
  { name: "unchanged", application: "first", change: "nothing" },
  { name: "small dependency changed", application: "first", change: "small dependency" },
  { name: "large dependency changed", application: "first", change: "large dependency" },
  { name: "version raised", application: "first", change: "version" },
  { name: "source edited", application: "first", change: "source" },
  { name: "second application", application: "second", change: "nothing" },
] as const satisfies readonly Readonly<{ name: string; application: ApplicationName; change: Change }>[];

/** The names of what is measured; the last one is the second application from nothing. */
export type Scenario = (typeof SCENARIOS)[number]["name"] | "second application, cold";

/** Where builds happen, and what they meet there. */
export type Arena = Readonly<{ target: TestEngine; server: WheelServer; sink: PushSink; directory: string }>;

/** The base images of all contenders: pulled, and pushed, before anything is timed. */
const BASES = ["python:3.13-slim", "python:3.13"];

/** Measures all scenarios of a contender once. The engine's build cache is emptied twice. */
export async function measureAll(arena: Arena, contender: Contender): Promise<ReadonlyMap<Scenario, Measured>> {
  const measured = new Map<Scenario, Measured>();
  await empty(arena);
  measured.set("second application, cold", await measure(arena, contender, COLD_SECOND));
  await empty(arena);
  for (const scenario of SCENARIOS) measured.set(scenario.name, await measure(arena, contender, scenario));
  await empty(arena);
  return measured;
}

/** How long a cached build of a small project takes with microb: the start of the frontend, the client and the daemon. */
export async function measureStart({ target }: Arena): Promise<number> {
  const build = ["build", "--quiet", "--output", "type=cacheonly", "-f", `${MINIMAL}/pyproject.toml`, MINIMAL];
  await target.docker(...build);
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    await target.docker(...build);
    times.push(performance.now() - start);
  }
  return median(times);
}

const MINIMAL = "examples/minimal";

type Step = Readonly<{ name: Scenario; application: ApplicationName; change: Change }>;

const COLD_SECOND: Step = { name: "second application, cold", application: "second", change: "nothing" };

/** An engine without a build cache, whose base images are unpacked, and a registry that knows nothing else. */
async function empty({ target: { docker }, sink }: Arena): Promise<void> {
  const images = (await docker("images", "--quiet", `${sink.host}/bench`)).split("\n").filter((id) => id !== "");
  if (images.length > 0) await docker("rmi", "--force", ...new Set(images));
  await docker("builder", "prune", "--all", "--force");
  sink.forget();
  for (const base of BASES) {
    const pushed = `${sink.host}/bench:${base.replace(":", "-")}`;
    await docker("pull", "--quiet", base);
    await docker("tag", base, pushed);
    await docker("push", "--quiet", pushed);
    await docker("rmi", pushed);
  }
}

async function measure(
  { target, server, sink, directory }: Arena,
  contender: Contender,
  scenario: Step,
): Promise<Measured> {
  const application = await readApplication(scenario.application, scenario.change);
  await contender.prepare(directory, application);
  // Images stay until the engine is emptied, as they do with who works on an application.
  const name = `${contender.name}-${scenario.name.replaceAll(/\W+/g, "-")}`;
  const tag = `${sink.host}/bench:${name}`;
  const args = ["build", ...contender.args(directory), "--provenance=false"];
  server.requests();
  sink.uploaded();

  const start = performance.now();
  const { code, stdout, stderr } = await dockerOf(target.engine)([...args, "--output", "type=cacheonly", directory]);
  const built = performance.now();
  if (code !== 0)
    throw new Error(`${contender.name} could not build the ${scenario.application} application:\n${stdout}${stderr}`);
  await target.docker(...args, "--quiet", "--tag", tag, directory);
  await target.docker("push", "--quiet", tag);
  const shipped = performance.now();

  const printed = await target.docker("run", "--rm", "--network", "none", "--entrypoint", application.name, tag);
  if (!printed.includes(`${application.name} 6`))
    throw new Error(`the image of ${contender.name} printed:\n${printed}`);
  const { layers } = sink.image("bench", name);
  const base = sink.image("bench", "python-3.13-slim").layers.length;
  return {
    build: built - start,
    ship: shipped - built,
    requests: server.requests(),
    steps: executedSteps(`${stdout}${stderr}`),
    newBytes: sink.uploaded(),
    layers: layers.length - base,
    size: layers.slice(base).reduce((sum, { size }) => sum + size, 0),
  };
}

/** How many steps of a build ran, by its plain progress. */
function executedSteps(progress: string): number {
  const steps = [...progress.matchAll(/^#(\d+) (\[.*)$/gm)].filter(
    ([, , name]) => !/^\[internal\]| FROM /.test(name ?? ""),
  );
  const ids = new Set(steps.map(([, id]) => id));
  return [...ids].filter((id) => !new RegExp(`^#${id} CACHED$`, "m").test(progress)).length;
}
