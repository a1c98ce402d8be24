import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { dockerEnv, readEngines } from "../test/engine/engines.ts";

/** A client and the environment in which it talks to its engine. */
export type EngineClient = Readonly<{ docker: string; env: NodeJS.ProcessEnv; about: string }>;

/**
 * The user's own engine if it answers and can build with BuildKit; else the private test engine, started if need be.
 * @throws Error that says what is missing.
 */
export function findEngine(): EngineClient {
  const own = ownEngine();
  if (typeof own !== "string") return own;
  const { status } = spawnSync(join(import.meta.dirname, "../test/engine/up.sh"), ["containerd"], { stdio: "inherit" });
  const engine = status === 0 ? readEngines()?.engines.find(({ name }) => name === "containerd") : undefined;
  if (engine === undefined) throw new Error(`${own}, and a private one could not be started (see above)`);
  const about = `the private test engine, Docker ${engine.version}, because ${own}`;
  return { docker: engine.cli, env: { ...process.env, ...dockerEnv(engine) }, about };
}

function ownEngine(): EngineClient | string {
  const env = { ...process.env, DOCKER_BUILDKIT: "1", BUILDX_BUILDER: "default" };
  const ask = (...args: readonly string[]): string | undefined => {
    const { status, stdout } = spawnSync("docker", args, { env, encoding: "utf8", timeout: 10_000 });
    return status === 0 ? stdout.trim() : undefined;
  };
  const versions = ask("version", "--format", "{{.Client.Version}} {{.Server.Version}}");
  if (versions === undefined) return "no Docker Engine answers";
  const [client = "", server = ""] = versions.split(" ");
  // Clients from 23 on build with BuildKit only through the buildx plugin.
  if (Number.parseInt(client, 10) >= 23 && ask("buildx", "version") === undefined) {
    return `the docker client ${client} has no buildx plugin, without which it cannot use BuildKit`;
  }
  return { docker: "docker", env, about: `your own, Docker ${server}` };
}
