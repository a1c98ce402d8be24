import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { loadImage } from "../../src/engine/load-image.ts";
import { saveImage } from "../../src/engine/save-image.ts";
import { type Engine, readEngines } from "../engine/engines.ts";
import { connectTo, dockerOf, output } from "../support/docker.ts";
import { isFullMatrix } from "../support/full-matrix.ts";

declare module "vitest" {
  interface ProvidedContext {
    engines: readonly Engine[];
  }
}

/** The name under which the examples ask for the frontend. */
export const FRONTEND = "microb/microb";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Brings up the test engines and puts the frontend image into each. Where that is impossible the suites are skipped and
 * say so; in CI that is a failure.
 */
export default async function setup(project: TestProject): Promise<void> {
  const { status } = spawnSync(join(ROOT, "test/engine/up.sh"), { stdio: "inherit" });
  const engines = status === 0 ? (readEngines()?.engines ?? []) : [];
  if (engines.length === 0) {
    const message = `the test engines could not be started (up.sh ended with ${status})`;
    if (process.env["CI"]) throw new Error(message);
    console.error(`\nSKIPPED: ${message}: no integration test runs.\n`);
  }
  const missing = ["floor", "classic", "containerd"].filter((name) => !engines.some((engine) => engine.name === name));
  if (process.env["CI"] && missing.length > 0) throw new Error(`test engines that are not up: ${missing.join(", ")}`);
  const [first, ...others] = [...engines].reverse();
  if (first !== undefined) {
    const started = Date.now();
    await Promise.all(engines.map(makeRoom));
    console.error(`building the frontend image on ${first.name} …`);
    await output(dockerOf(first), ["build", "-t", FRONTEND, ROOT], { timeout: 600_000 });
    await Promise.all(others.map((other) => copyImage(first, other)));
    console.error(`frontend image in every engine (${((Date.now() - started) / 1000).toFixed(1)}s)`);
  }
  if (!isFullMatrix())
    console.error("classic and floor repeat a part of the tests only: npm run test:full runs all of them");
  project.provide("engines", engines);
}

/**
 * Leaves a part of a build cache that earlier runs have filled. A daemon whose cache is full collects what a test has
 * just built and builds again.
 */
async function makeRoom(engine: Engine): Promise<void> {
  await output(dockerOf(engine), ["builder", "prune", "--force", "--keep-storage", "4GB"], { timeout: 600_000 });
}

async function copyImage(from: Engine, to: Engine): Promise<void> {
  const [source, target] = await Promise.all([connectTo(from), connectTo(to)]);
  await loadImage(target, await saveImage(source, FRONTEND));
}
