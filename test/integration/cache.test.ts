import { describe, expect, inject, test } from "vitest";
import { type Engine, readEngines } from "../engine/engines.ts";
import { dockerOf, output } from "../support/docker.ts";
import { PRINT_REPORT, type ProbeReport, probeProject } from "../support/probe-project.ts";
import { tempProject } from "../support/temp-project.ts";

// What one engine built and exported answers for the steps of another engine that is told of it by --cache-from. The
// 20.10 client sends the flag as `cache-from`, buildx as `cache-imports`.

const engines = inject("engines");
const registry = readEngines()?.registry;

describe.skipIf(engines.length < 3)("--cache-from", () => {
  test.each(["floor", "classic"] as const)("%s imports what the newest engine exported", async (name) => {
    const engineOf = (wanted: string): Engine => engines.find((engine) => engine.name === wanted) as Engine;
    const [giver, taker] = [engineOf("containerd"), engineOf(name)];
    const reference = `${registry}/microb-test/cache-for-${name}`;
    const tag = `microb-test/cached-${name}`;
    const cwd = tempProject({ ...probeProject(), "name.txt": name });
    const report = async (engine: Engine, ...flags: readonly string[]): Promise<ProbeReport> => {
      const docker = dockerOf(engine);
      await output(docker, ["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      return JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
    };
    try {
      const first = await report(giver, "--cache-to", `type=registry,ref=${reference},mode=max`);
      const { stderr } = await dockerOf(taker)(
        ["build", "--cache-from", reference, "-t", tag, "-f", "pyproject.toml", "."],
        { cwd },
      );
      expect(stderr).toContain(`importing cache manifest from ${reference}`);
      // 20.10 imports it, and then computes keys of its own.
      if (name !== "floor") expect((await report(taker)).token).toBe(first.token);
    } finally {
      await Promise.all([giver, taker].map((engine) => dockerOf(engine)(["rmi", "-f", tag])));
    }
  });
});
