import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Candidate, candidateAt, type Environment } from "./candidate.ts";

/** The engines that this repository's `test/engine/up.sh` started, the one with the containerd image store first. */
export function privateEngines(env: Environment): readonly Candidate[] {
  const file = join(env["MICROB_ENGINE_RUN"] || "/run/microb-engine", "engines.json");
  const about = { strategy: "private", clientEnv: {} } as const;
  let engines: readonly Readonly<{ name: string; host: string }>[];
  try {
    engines = (JSON.parse(readFileSync(file, "utf8")) as { engines: typeof engines }).engines;
    if (engines.length === 0) throw new Error(`${file} lists no engine`);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return [{ ...about, name: "private test engine", reason: missing ? "not started" : (error as Error).message }];
  }
  const ordered = [...engines].sort((one, other) => rank(one.name) - rank(other.name));
  return ordered.map(({ name, host }) => {
    const clientEnv = { DOCKER_HOST: host, DOCKER_CONTEXT: undefined };
    return candidateAt({ ...about, name: `private test engine "${name}" (${host})`, clientEnv }, host);
  });
}

function rank(name: string): number {
  return name === "containerd" ? 0 : 1;
}
