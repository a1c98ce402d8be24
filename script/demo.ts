/**
 * `npm run demo`: builds the frontend image, then an example with plain `docker build -f pyproject.toml .`, and runs
 * it. Leaves the images `microb/microb` and `microb-demo` behind.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findEngine } from "./find-engine.ts";

const ROOT = join(import.meta.dirname, "..");
const EXAMPLE = join(ROOT, "examples/minimal");
const started = Date.now();

try {
  demo();
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function demo(): void {
  say("1. A Docker Engine");
  const { docker, env, about } = findEngine();
  console.log(about);
  const run = (cwd: string, ...args: readonly string[]): void => {
    console.log(`$ docker ${args.join(" ")}`);
    const { status } = spawnSync(docker, args, { cwd, env, stdio: "inherit" });
    if (status !== 0) throw new Error(`docker ${args[0]} ended with ${status}`);
  };

  say("2. The frontend image, from this repository");
  run(ROOT, "build", "-t", "microb/microb", ".");

  say("3. A project: examples/minimal/pyproject.toml");
  console.log(readFileSync(join(EXAMPLE, "pyproject.toml"), "utf8").trimEnd());

  say("4. Its image, with a stock docker build: BuildKit reads the first line and hands the build to the frontend");
  run(EXAMPLE, "build", "-f", "pyproject.toml", "-t", "microb-demo", ".");

  say("5. The container's own output");
  run(EXAMPLE, "run", "--rm", "microb-demo");

  say("6. What is in the image");
  const format =
    "user {{.Config.User}}, entrypoint {{.Config.Entrypoint}}, {{len .RootFS.Layers}} layers, {{.Size}} bytes";
  run(EXAMPLE, "image", "inspect", "--format", format, "microb-demo");
  console.log(`\nDone in ${((Date.now() - started) / 1000).toFixed(1)}s. The same plan as a Dockerfile:`);
  console.log("  npm run --silent microb -- -dockerfile -filename examples/minimal/pyproject.toml");
}

function say(title: string): void {
  console.log(`\n=== ${title}`);
}
