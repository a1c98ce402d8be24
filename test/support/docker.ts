import { spawn } from "node:child_process";
import { Writable } from "node:stream";
import { connectEngine } from "../../src/engine/connect-engine.ts";
import type { ContainerSpec } from "../../src/engine/container-spec.ts";
import type { DockerEngine } from "../../src/engine/docker-engine.ts";
import { parseEndpoint } from "../../src/engine/endpoint.ts";
import { runContainer } from "../../src/engine/run-container.ts";
import { dockerEnv, type Engine } from "../engine/engines.ts";

/** How a docker command ended. */
export type Outcome = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** What may be said about a command besides its arguments. */
export type DockerOptions = Readonly<{ cwd?: string; input?: string | Uint8Array; timeout?: number }>;

/** The client of one engine. */
export type Docker = (args: readonly string[], options?: DockerOptions) => Promise<Outcome>;

/**
 * Runs `docker` against an engine with the client that belongs to it. A command over its time (ms) is killed. One that
 * the daemon's image store lost under its hands is run once more, and that is said.
 */
export function dockerOf(engine: Engine): Docker {
  return async (args, options = {}) => {
    const first = await run(engine, args, options);
    if (first.code === 0 || !LOST_SNAPSHOT.test(first.stderr)) return first;
    console.warn(`RUN AGAIN on ${engine.name}, the image store lost a snapshot: docker ${args.join(" ")}`);
    return run(engine, args, options);
  };
}

/**
 * When images are exported and removed at the same time, the containerd image store may remove a layer's snapshot that
 * an export was about to build upon (moby/buildkit#6521). The build itself was over by then.
 */
const LOST_SNAPSHOT =
  /^ERROR: .*failed to prepare extraction snapshot .*parent snapshot \S+ does not exist: not found$/m;

function run(engine: Engine, args: readonly string[], options: DockerOptions): Promise<Outcome> {
  const { cwd, input, timeout = 300_000 } = options;
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...dockerEnv(engine), BUILDKIT_PROGRESS: "plain" };
    // The client of Docker 20.10 does not always end when it is asked to.
    const child = spawn(engine.cli, args, { env, timeout, killSignal: "SIGKILL", ...(cwd !== undefined && { cwd }) });
    const outcome = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      outcome.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      outcome.stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...outcome }));
    child.stdin.on("error", () => {}).end(input);
  });
}

/** The standard output of a command that must succeed. */
export async function output(docker: Docker, args: readonly string[], options?: DockerOptions): Promise<string> {
  const { code, stdout, stderr } = await docker(args, options);
  if (code !== 0) throw new Error(`docker ${args.join(" ")} ended with ${code}:\n${stderr}\n${stdout}`);
  return stdout;
}

/** A test engine through our own client. */
export function connectTo(engine: Engine): Promise<DockerEngine> {
  return connectEngine(parseEndpoint(engine.host));
}

/** A sink that keeps what is written to it. */
export function memorySink(): Writable & { readonly text: string } {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return Object.defineProperty(sink, "text", { get: () => Buffer.concat(chunks).toString() }) as typeof sink & {
    readonly text: string;
  };
}

/** Runs a container of an image to its end and keeps what it wrote. */
export async function runImage(
  engine: DockerEngine,
  image: string,
  spec: Partial<ContainerSpec> = {},
): Promise<Outcome> {
  const [stdout, stderr] = [memorySink(), memorySink()];
  const { exitCode } = await runContainer(engine, { labels: { "microb.test": "1" }, ...spec, image, stdout, stderr });
  return { code: exitCode, stdout: stdout.text, stderr: stderr.text };
}
