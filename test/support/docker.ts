import { spawn } from "node:child_process";
import { dockerEnv, type Engine } from "../engine/engines.ts";

/** How a docker command ended. */
export type Outcome = Readonly<{ code: number | null; stdout: string; stderr: string }>;

/** What may be said about a command besides its arguments. */
export type DockerOptions = Readonly<{ cwd?: string; input?: string; timeout?: number }>;

/** The client of one engine. */
export type Docker = (args: readonly string[], options?: DockerOptions) => Promise<Outcome>;

/** Runs `docker` against an engine with the client that belongs to it. A command over its time (ms) is killed. */
export function dockerOf(engine: Engine): Docker {
  return (args, { cwd, input, timeout = 300_000 } = {}) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, ...dockerEnv(engine), BUILDKIT_PROGRESS: "plain" };
      const child = spawn(engine.cli, args, { env, timeout, ...(cwd !== undefined && { cwd }) });
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
