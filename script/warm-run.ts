import { spawn } from "node:child_process";
import { serveFakeBridge } from "../test/support/fake-bridge.ts";

const PROJECT = `[project]
name = "warm"
version = "1.0"
requires-python = ">=3.11,<3.14"
dependencies = ["rich>=13; python_version > '3'"]
scripts = { warm = "warm:main" }
[build-system]
requires = ["hatchling"]
[tool.microb.target.default]
system_deps = ["libpq5"]
env = { NAME = "\${OTHER:-x}" }
labels = { "org.example.a" = "b" }
`;

/** With what BuildKit starts a frontend. */
export const WARM_ENV: Readonly<Record<string, string>> = {
  BUILDKIT_SESSION_ID: "warm",
  BUILDKIT_WORKERS: JSON.stringify([{ id: "w", platforms: [{ os: "linux", architecture: "amd64" }] }]),
  BUILDKIT_FRONTEND_OPT_0: "filename=pyproject.toml",
};

/**
 * Runs a command that is a frontend through one build, with a daemon played by this process at the other end of its pipes.
 * @throws Error when it does not return an image.
 */
export async function warmRun(
  [command = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv = { PATH: process.env["PATH"], ...WARM_ENV },
): Promise<void> {
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const files = { "pyproject.toml": PROJECT };
  const config = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/usr/local/bin:/usr/bin:/bin"] } };
  const bridge = await serveFakeBridge(child, {
    locals: { dockerfile: files, context: files },
    images: { "docker.io/library/python:3.13": config, "docker.io/library/python:3.13-slim": config },
  });
  const code = await new Promise<number | null>((done) => child.on("exit", done));
  const failure = code === 0 ? (await bridge.returned).error?.message : `exit code ${code}`;
  bridge.close();
  if (failure) throw new Error(`the warm run failed: ${failure}`);
}
