import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { dockerEnv, type Engine } from "../engine/engines.ts";
import { dockerOf, output } from "../support/docker.ts";
import { probeProject } from "../support/probe-project.ts";
import { tempProject } from "../support/temp-project.ts";

/** The processes of this machine that were started with a text in their environment: frontends know their options. */
function processesWith(text: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(text);
    } catch {
      return false;
    }
  });
}

/** The arguments of a Node, and its rights as the kernel has them. */
function rightsOf(pid: string): string | undefined {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1).join(" ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => new RegExp(`^${name}:\\t(\\S*)`, "m").exec(status)?.[1] ?? "";
    if (!args.startsWith("/usr/local/bin/node")) return undefined;
    const capabilities = Number.parseInt(field("CapEff"), 16);
    return `${args.replace("/usr/local/bin/", "")}; user ${field("Uid")}, group ${field("Gid")}, groups ${field("Groups")}, capabilities ${capabilities}`;
  } catch {
    return undefined;
  }
}

let small = "";
let large = "";

beforeAll(() => {
  small = mkdtempSync(join(tmpdir(), "microb-few-"));
  large = mkdtempSync(join(tmpdir(), "microb-many-"));
  for (const [path, text] of Object.entries(probeProject())) {
    for (const root of [small, large]) {
      const file = join(root, "services/a", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  for (let directory = 0; directory < 100; directory++) {
    const path = join(large, "data", String(directory));
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < 1000; file++) writeFileSync(join(path, String(file)), "");
  }
});
afterAll(() => {
  for (const root of [small, large]) rmSync(root, { recursive: true, force: true });
});

describe.each(inject("engines"))("the process on $name", (engine: Engine) => {
  const docker = dockerOf(engine);

  test("20 builds at once all end as they should", async () => {
    const tags = Array.from({ length: 20 }, (_, index) => `microb-test/at-once:${index}`);
    const outcomes = await Promise.all(
      tags.map(async (tag, index) => {
        // Every fourth is wrong in a way of its own.
        const table = index % 4 === 3 ? `unknown_${index} = 1` : `labels = { number = "${index}" }`;
        const cwd = tempProject(probeProject(table));
        return docker(["build", "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      }),
    );
    for (const [index, { code, stderr }] of outcomes.entries()) {
      if (index % 4 === 3) {
        expect(code).toBe(1);
        expect(stderr).toContain(`unknown key "unknown_${index}"`);
      } else {
        expect(code, stderr).toBe(0);
        const args = ["image", "inspect", "-f", '{{index .Config.Labels "number"}}', tags[index] ?? ""];
        expect(await output(docker, args)).toBe(`${index}\n`);
      }
    }
    await docker(["rmi", "-f", ...tags]);
  });

  test("a build runs without the rights of root, from its connection's first byte on", async () => {
    const mark = `rights-on-${engine.name}`;
    const cwd = tempProject(probeProject());
    const args = ["build", "-q", "--build-arg", `MARK=${mark}`, "-f", "pyproject.toml", "."];
    const build = docker(args, { cwd });
    let isOver = false;
    build.finally(() => {
      isOver = true;
    });
    const seen = new Set<string>();
    while (!isOver) {
      for (const pid of processesWith(`=build-arg:MARK=${mark}`)) {
        const rights = rightsOf(pid);
        if (rights !== undefined) seen.add(rights);
      }
      await setTimeout(5);
    }
    expect((await build).code).toBe(0);
    expect([...seen]).toEqual(["node /microb/main.cjs -is-open; user 65532, group 65532, groups , capabilities 0"]);
  });

  test("a build that is cancelled leaves nothing running", async () => {
    const mark = `cancelled-on-${engine.name}`;
    const project = probeProject();
    const slow = (project["backend/backend.py"] ?? "").replace(
      "import json",
      "import time; time.sleep(300)\nimport json",
    );
    const cwd = tempProject({ ...project, "backend/backend.py": slow });
    const args = [
      "build",
      "--no-cache",
      "--build-arg",
      `MARK=${mark}`,
      "--label",
      `mark=${mark}`,
      "-f",
      "pyproject.toml",
      ".",
    ];
    const env = { ...process.env, ...dockerEnv(engine), BUILDKIT_PROGRESS: "plain" };
    const child = spawn(engine.cli, args, { cwd, env });
    let log = "";
    const isAtProject = new Promise<void>((resolve) => {
      child.stderr.on("data", (chunk: Buffer) => {
        log += chunk;
        if (/builder +\d+\/\d+\] install the project/.test(log)) resolve();
      });
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    await isAtProject;
    child.kill("SIGINT");
    await ended;
    // The step itself takes a moment to be killed.
    for (let attempt = 0; attempt < 50 && processesWith(mark).length > 0; attempt++) await setTimeout(200);
    expect(processesWith(mark)).toEqual([]);
  });

  test("a hundred thousand files next to the project are not waited for", async () => {
    const seconds = async (cwd: string): Promise<number> => {
      const started = performance.now();
      await output(docker, ["build", "-q", "-f", "services/a/pyproject.toml", "."], { cwd });
      return (performance.now() - started) / 1000;
    };
    await seconds(small);
    const [without, withMany] = [await seconds(small), await seconds(large)];
    console.log(`${engine.name}: ${without.toFixed(1)} s without, ${withMany.toFixed(1)} s with 100 000 files`);
    // The client looks at each of them once, to find the project. That of Docker 20.10 sends them all then, empty as
    // they are, which takes as long as the disk of this machine takes: no time of the frontend's.
    if (engine.buildx !== null) expect(withMany).toBeLessThan(without + 15);
  });
});
