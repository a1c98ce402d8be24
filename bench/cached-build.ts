import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { dockerfile } from "../src/command/dockerfile.ts";
import { localContext } from "../src/command/local-context.ts";
import { parsePlatform } from "../src/oci/platform.ts";
import { dockerOf } from "../test/support/docker.ts";
import { EXAMPLES } from "../test/support/examples.ts";
import { bakeGraph } from "./bake-graph.ts";
import { registryResolver } from "./registry-resolver.ts";
import { medianTimes, type Repetition } from "./statistics.ts";
import type { TestEngine } from "./test-engine.ts";

/** Who builds the image of the minimal example. */
export type Frontend = (typeof FRONTENDS)[number];

const FRONTENDS = ["microb", "noop", "dockerfile"] as const;
/** What is built: the minimal example. */
export const CONTEXT: string = join(import.meta.dirname, "../examples/minimal");
const NOOP_IMAGE = "microb/bench-noop";

/**
 * The median wall time of `docker build` when everything is cached, for each frontend.
 * @throws Error when the frontends do not build the same, or not from the cache alone.
 */
export async function measureCachedBuilds(
  target: TestEngine,
  directory: string,
  repetition: Repetition,
): Promise<Readonly<Record<Frontend, number>>> {
  const files = await prepareFrontends(target, directory);
  const build = (frontend: Frontend) => ["build", "-t", tagOf(frontend), "-f", files[frontend], CONTEXT];
  for (const frontend of FRONTENDS) {
    await target.docker(...build(frontend));
    const { stderr, stdout } = await dockerOf(target.engine)(build(frontend));
    const executed = executedSteps(`${stdout}${stderr}`);
    if (executed.length > 0) throw new Error(`the second build of ${frontend} executed ${executed.join(", ")}`);
  }
  await verifyImages(target);
  const contender = (frontend: Frontend) => async () => {
    const start = performance.now();
    await target.docker(...build(frontend), "--quiet");
    return performance.now() - start;
  };
  return medianTimes(
    { microb: contender("microb"), noop: contender("noop"), dockerfile: contender("dockerfile") },
    repetition,
  );
}

/** Makes the build file of each frontend, and the image of the no-op one. */
export async function prepareFrontends(
  { docker, registry }: TestEngine,
  directory: string,
): Promise<Readonly<Record<Frontend, string>>> {
  const files = {
    microb: join(CONTEXT, "pyproject.toml"),
    noop: join(directory, "noop.syntax"),
    dockerfile: join(directory, "Dockerfile"),
  };
  await writeFile(files.noop, `# syntax=${NOOP_IMAGE}\n`);
  const context = localContext({ filename: files.microb, context: CONTEXT });
  const { text } = await dockerfile({ filename: files.microb, context, target: "", buildArgs: new Map() });
  await writeFile(files.dockerfile, text);

  const server = await docker("version", "-f", "{{.Server.Os}}/{{.Server.Arch}}");
  const platform = parsePlatform(server, { os: "linux", architecture: "amd64" });
  const graph = await bakeGraph({ directory: CONTEXT, platform, resolver: registryResolver(registry) });
  const noop = join(directory, "noop");
  await cp(join(import.meta.dirname, "noop"), noop, { recursive: true });
  await writeFile(join(noop, "graph.json"), JSON.stringify(graph));
  await docker("build", "-t", NOOP_IMAGE, noop);
  return files;
}

/** The steps of a build that ran, by its plain progress. */
function executedSteps(progress: string): readonly string[] {
  const steps = [...progress.matchAll(/^#(\d+) (\[.*)$/gm)].filter(
    ([, , name]) => !/^\[internal\]| FROM /.test(name ?? ""),
  );
  if (steps.length === 0) throw new Error(`no steps in the progress of a build:\n${progress}`);
  return steps.filter(([, id]) => !new RegExp(`^#${id} CACHED$`, "m").test(progress)).map(([, , name]) => name ?? "");
}

/** All images run, and the no-op frontend's is the same as ours. */
async function verifyImages({ docker }: TestEngine): Promise<void> {
  const expected = EXAMPLES.find(({ directory }) => directory === CONTEXT)?.images[0]?.runs[0]?.stdout;
  if (expected === undefined) throw new Error(`${CONTEXT} does not say what its image prints`);
  for (const frontend of FRONTENDS) {
    const printed = await docker("run", "--rm", tagOf(frontend));
    if (!printed.includes(expected)) throw new Error(`the image of ${frontend} printed:\n${printed}`);
  }
  const inspect = (frontend: Frontend) => docker("inspect", "-f", "{{json .RootFS}} {{json .Config}}", tagOf(frontend));
  const [own, noop] = await Promise.all([inspect("microb"), inspect("noop")]);
  if (own !== noop) throw new Error(`microb and the no-op frontend built different images:\n${own}${noop}`);
}

function tagOf(frontend: Frontend): string {
  return `microb/bench-${frontend}-result`;
}
