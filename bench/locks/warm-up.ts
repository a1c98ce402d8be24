import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dockerOf, output } from "../../test/support/docker.ts";
import type { TestEngine } from "../test-engine.ts";
import type { Application } from "./application.ts";
import { requirements } from "./lock-text.ts";
import type { Arena } from "./measure.ts";

/** Lets the server fetch every wheel that will be asked for, so that no build waits for the public index. */
export async function warmUp({ target, server }: Arena, applications: readonly Application[]): Promise<void> {
  for (const { lock } of applications) {
    const settings = [`PIP_INDEX_URL=${server.index}`, "PIP_CONFIG_FILE=/dev/null", "PIP_TRUSTED_HOST=198.51.100.1"];
    const env = settings.flatMap((setting) => ["-e", setting]);
    const download = "pip -q download --no-deps --no-cache-dir -d /tmp/wheels -r /dev/stdin";
    const args = ["run", "--rm", "-i", "--network", "host", ...env, "python:3.13-slim", "sh", "-c", download];
    await output(dockerOf(target.engine), args, { input: requirements(lock, []), timeout: 600_000 });
  }
}

/** Makes the image that holds uv from its wheel on the public index, since no registry can be counted on. */
export async function prepareUv({ docker }: TestEngine, directory: string): Promise<void> {
  const context = join(directory, "uv");
  await mkdir(context);
  await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY wheel/bin/uv /uv\n");
  const container = ["run", "--rm", "--network", "host", "-e", "PIP_CONFIG_FILE=/dev/null", "-v", `${context}:/uv`];
  await docker(...container, "python:3.13-slim", "pip", "-q", "install", "--no-compile", "--target", "/uv/wheel", "uv");
  await docker("build", "--quiet", "-t", "microb/bench-uv", context);
}
