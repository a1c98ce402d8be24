import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Candidate, candidateAt, configDirectory, type Environment } from "./candidate.ts";

/** The parts of a context's `meta.json` that say where its engine is. */
type ContextMeta = Readonly<{
  Endpoints?: Readonly<{ docker?: Readonly<{ Host?: string; SkipTLSVerify?: boolean }> }>;
}>;

/** The engine of the current docker context: DOCKER_CONTEXT, or `currentContext` in the docker client's `config.json`. */
export function dockerContext(env: Environment, home: string): readonly Candidate[] {
  const config = configDirectory(env, home);
  const about = { strategy: "context", name: "docker context", clientEnv: {} } as const;
  try {
    const name = env["DOCKER_CONTEXT"] || currentContext(join(config, "config.json"));
    // The context of that name is no file: it means the default socket.
    if (!name || name === "default") return [{ ...about, reason: "none is chosen" }];
    return [contextCandidate(name, join(config, "contexts"))];
  } catch (error) {
    return [{ ...about, reason: (error as Error).message }];
  }
}

function contextCandidate(name: string, directory: string): Candidate {
  const about = {
    strategy: "context",
    name: `docker context "${name}"`,
    clientEnv: { DOCKER_HOST: undefined, DOCKER_CONTEXT: name },
  } as const;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson(join(directory, "meta", id, "meta.json")) as ContextMeta | undefined;
  if (meta === undefined) return { ...about, reason: "there is no context of that name" };
  const { Host, SkipTLSVerify = false } = meta.Endpoints?.docker ?? {};
  if (!Host) return { ...about, reason: "it names no Docker Engine" };
  const certificates = join(directory, "tls", id, "docker");
  const secured = SkipTLSVerify || existsSync(certificates);
  return candidateAt(
    { ...about, name: `${about.name} (${Host})` },
    Host,
    secured ? { directory: certificates, verify: !SkipTLSVerify } : undefined,
  );
}

function currentContext(file: string): string | undefined {
  const config = readJson(file) as Readonly<{ currentContext?: unknown }> | undefined;
  return typeof config?.currentContext === "string" ? config.currentContext : undefined;
}

/** @throws Error when there is a file that is not a JSON object. */
function readJson(file: string): object | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The parser's message shows text of a file that may hold credentials.
  }
  throw new Error(`${file} is not a JSON object`);
}
