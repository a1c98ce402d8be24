/**
 * `npm run bench -- [locks | load] [engine] …`: see README.md beside this file. The table goes to standard output, what is
 * being done to standard error.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Engine } from "../test/engine/engines.ts";
import { measureCachedBuilds, prepareFrontends } from "./cached-build.ts";
import { measureFirstRpc } from "./first-rpc.ts";
import { measureImage } from "./image-size.ts";
import { buildUnderLoad, type LoadResult, loadTable } from "./load.ts";
import { benchLocks } from "./locks/bench-locks.ts";
import { CONTENDERS } from "./locks/contender.ts";
import { isMissed } from "./locks/targets.ts";
import { markdownTable, missesTarget, type Row } from "./table.ts";
import { run, startEngine, type TestEngine } from "./test-engine.ts";

const IMAGE = "microb/microb";
const ENGINES: readonly Engine["name"][] = ["containerd", "classic", "floor"];
const BUILDS = { warmUp: 2, rounds: 15 };
const STARTS = { warmUp: 5, rounds: 41 };

const { values, positionals } = parseArgs({
  options: {
    check: { type: "boolean" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    builds: { type: "string", default: "60" },
    busy: { type: "string", default: "8" },
    beside: { type: "string" },
  },
  allowPositionals: true,
});
const what = positionals[0] === "locks" || positionals[0] === "load" ? positionals[0] : "frontend";
const [engineName = "containerd", ...rest] = positionals.slice(what === "frontend" ? 0 : 1);
const name = ENGINES.find((candidate) => candidate === engineName);
const numbers = [values.rounds, values.builds, values.busy];
if (name === undefined || rest.length > 0 || !numbers.every((number) => /^[1-9]\d*$/.test(number))) {
  console.error(`usage: npm run bench -- [${ENGINES.join(" | ")}] [--check]`);
  console.error(`       npm run bench -- locks [containerd | classic] [--rounds N] [--only ${CONTENDERS.join(",")}]`);
  console.error("       npm run bench -- load [ENGINE] [--builds N] [--busy N] [--beside FRONTEND-IMAGE] [--check]");
  process.exit(2);
}

const engine = await progress(`start the engine ${name}`, () => startEngine(name));
await progress(`build ${IMAGE}`, () => engine.docker("build", "-t", IMAGE, "."));
await { frontend: measureFrontend, locks: compareLocks, load: measureLoad }[what](engine);

async function compareLocks(engine: TestEngine): Promise<void> {
  const names = CONTENDERS.filter((contender) => values.only?.split(",").includes(contender) ?? true);
  const { table, targets } = await progress("build from locks", () => benchLocks(engine, Number(values.rounds), names));
  console.log(`${table}\n`);
  for (const target of targets) {
    const { name, value, limit, unit } = target;
    console.log(`- ${isMissed(target) ? "missed" : "met"}: ${name}: ${value.toFixed(2)}${unit} (≤ ${limit})`);
  }
  console.log(`\n${machine(engine)}.`);
  if (values.check && targets.some(isMissed)) process.exitCode = 1;
}

async function measureLoad(engine: TestEngine): Promise<void> {
  const load = { builds: Number(values.builds), busy: Number(values.busy) };
  const directory = await mkdtemp(join(tmpdir(), "microb-bench-"));
  try {
    const { microb, noop, dockerfile } = await prepareFrontends(engine, directory);
    const files: Record<string, string> = { microb, "no-op Node.js": noop };
    if (values.beside !== undefined) {
      files[values.beside] = join(directory, "beside.Dockerfile");
      await writeFile(files[values.beside] ?? "", `# syntax=${values.beside}\n${await readFile(dockerfile, "utf8")}`);
    }
    const before = loadavg()[0] ?? 0;
    const results: Record<string, LoadResult> = {};
    for (const [frontend, file] of Object.entries(files)) {
      results[frontend] = await progress(`${load.builds} builds, ${frontend}`, () =>
        buildUnderLoad(engine, file, load),
      );
    }
    console.log(loadTable(results, load));
    console.log(`\n${load.builds} cached builds at once, ${load.busy} busy processes beside; ${machine(engine)}.`);
    console.log(`Load average before: ${before.toFixed(1)}.`);
    if (values.check && results["microb"]?.failed !== 0) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measureFrontend(engine: TestEngine): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "microb-bench-"));
  try {
    await progress("bundle for the Node.js of this machine", bundle);
    const starts = await progress("measure starts", () => measureFirstRpc("dist/frontend/main.cjs", STARTS));
    const builds = await progress("measure builds", () => measureCachedBuilds(engine, directory, BUILDS));
    const size = await progress("weigh the image", () => measureImage(engine, IMAGE, directory));
    const node = await engine.docker("run", "--rm", "--entrypoint", "/usr/local/bin/node", IMAGE, "--version");

    const rows: readonly Row[] = [
      {
        name: "Cached build, built-in Dockerfile frontend",
        value: ms(builds.dockerfile),
        ratio: builds.dockerfile / builds.noop,
      },
      { name: "Cached build, no-op Node.js frontend", value: ms(builds.noop), ratio: 1 },
      { name: "Cached build, microb", value: ms(builds.microb), ratio: builds.microb / builds.noop, target: 1.25 },
      { name: "`node -e 0`", value: ms(starts.node), ratio: 1 },
      {
        name: "Start of the frontend to its first call",
        value: ms(starts.firstRpc),
        ratio: starts.firstRpc / starts.node,
        target: 3,
      },
      { name: "Image, unpacked", value: bytes(size.unpacked) },
      { name: "Image, compressed with gzip", value: bytes(size.compressed) },
      { name: "Program in the image", value: bytes(size.files.get("microb/bundle.cjs") ?? 0) },
      { name: "Its code cache", value: bytes(size.files.get("microb/bundle.cjs.v8") ?? 0) },
    ];
    console.log(markdownTable(rows));
    console.log(
      `\n${machine(engine)}; Node.js ${node.trim()} in the images and ${process.version} for the starts; ` +
        `n = ${BUILDS.rounds} builds and ${STARTS.rounds} starts of each, in turns.`,
    );
    if (values.check && rows.some(missesTarget)) process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function bundle(): Promise<void> {
  await run("npm", "run", "build");
  await run("npm", "run", "code-cache");
}

async function progress<T>(title: string, task: () => Promise<T>): Promise<T> {
  const start = performance.now();
  console.error(`${title} ...`);
  const result = await task();
  console.error(`${title}: done (${((performance.now() - start) / 1000).toFixed(1)}s)`);
  return result;
}

function machine({ engine }: TestEngine): string {
  return `Docker Engine ${engine.version} (${engine.store} store); ${cpus().length} × ${cpus()[0]?.model.trim()}`;
}

function ms(time: number): string {
  return `${time.toFixed(time < 100 ? 1 : 0)} ms`;
}

function bytes(count: number): string {
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
