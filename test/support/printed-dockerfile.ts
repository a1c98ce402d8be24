import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Docker, output } from "./docker.ts";

const CLI = join(import.meta.dirname, "../../src/bin/cli.ts");

/** The output of our command line in a directory. It must succeed. */
export function runCommand(directory: string, ...args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), CLI, ...args], { cwd: directory });
    const chunks: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks))
        : reject(new Error(`${args.join(" ")} ended with ${code}: ${errors}`)),
    );
    child.stdin.end();
  });
}

type DockerfileBuild = Readonly<{ directory: string; file?: string; flags?: readonly string[]; tag: string }>;

/** Builds the printed Dockerfile of a project with the engine's own Dockerfile frontend, without cache. */
export async function buildDockerfileOf(
  docker: Docker,
  { directory, file: buildFile = "pyproject.toml", flags = [], tag }: DockerfileBuild,
): Promise<void> {
  const text = (await runCommand(directory, "-dockerfile", "-filename", buildFile)).toString();
  const own = mkdtempSync(join(tmpdir(), "microb-dockerfile-"));
  try {
    const file = join(own, "Dockerfile");
    writeFileSync(file, text);
    const ignored = [...text.matchAll(/^# {3}(\S.*)$/gm)].map(([, pattern]) => `${pattern}\n`);
    writeFileSync(`${file}.dockerignore`, `${ignored.join("")}secrets\n`);
    await output(docker, ["build", "--no-cache", ...flags, "-t", tag, "-f", file, "."], { cwd: directory });
  } finally {
    rmSync(own, { recursive: true });
  }
}
