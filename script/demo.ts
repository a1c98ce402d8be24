/**
 * `npm run demo`: builds the frontend image, then an example with plain `docker build -f pyproject.toml .`, and runs
 * it. Leaves the images `microb/microb` and `microb-demo` behind.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DockerEngine } from "../src/engine/docker-engine.ts";
import { EngineError } from "../src/engine/engine-error.ts";
import { inspectImage } from "../src/engine/inspect-image.ts";
import { runContainer } from "../src/engine/run-container.ts";
import { type BuildEngine, findEngine } from "./find-engine.ts";

const ROOT = join(import.meta.dirname, "..");
const EXAMPLE = join(ROOT, "examples/minimal");
const IMAGE = "microb-demo";
const started = Date.now();

try {
  await demo();
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : error}`);
  if (error instanceof EngineError && error.help !== undefined) console.error(`Help: ${error.help}`);
  process.exitCode = 1;
}

async function demo(): Promise<void> {
  say("1. A Docker Engine");
  const client = await findEngine();
  console.log(client.about);

  say("2. The frontend image, from this repository");
  build(client, ROOT, ["-t", "microb/microb", "."]);

  say("3. A project: examples/minimal/pyproject.toml");
  console.log(readFileSync(join(EXAMPLE, "pyproject.toml"), "utf8").trimEnd());

  say("4. Its image, with a stock docker build: BuildKit reads the first line and hands the build to the frontend");
  build(client, EXAMPLE, ["-f", "pyproject.toml", "-t", IMAGE, "."]);

  say("5. The container's own output");
  await run(client.engine);

  say("6. What is in the image");
  await describe(client.engine);
  console.log(`\nDone in ${((Date.now() - started) / 1000).toFixed(1)}s. The same plan as a Dockerfile:`);
  console.log("  npm run --silent microb -- -dockerfile -filename examples/minimal/pyproject.toml");
}

function build({ docker, env }: BuildEngine, cwd: string, args: readonly string[]): void {
  console.log(`$ docker build ${args.join(" ")}`);
  const { status, error } = spawnSync(docker, ["build", ...args], { cwd, env, stdio: "inherit" });
  if (status !== 0) throw error ?? new Error(`docker build ended with ${status}`);
}

async function run(engine: DockerEngine): Promise<void> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const { stdout, stderr } = process;
  const { signal } = interrupt;
  const { exitCode } = await runContainer(engine, {
    image: IMAGE,
    labels: { "microb.demo": "1" },
    stdout,
    stderr,
    signal,
  });
  if (exitCode !== 0) throw new Error(`the container ended with ${exitCode}`);
}

async function describe(engine: DockerEngine): Promise<void> {
  const image = await inspectImage(engine, IMAGE);
  if (image === undefined) throw new Error(`there is no image ${IMAGE}`);
  const { config, layers, size } = image;
  console.log(`user        ${config.User}`);
  console.log(`entrypoint  ${JSON.stringify(config.Entrypoint)}`);
  console.log(`layers      ${layers.length}`);
  console.log(`size        ${(size.bytes / 1e6).toFixed(1)} MB ${size.of}`);
}

function say(title: string): void {
  console.log(`\n=== ${title}`);
}
