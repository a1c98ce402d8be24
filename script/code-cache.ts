/**
 * `npm run code-cache`, after `npm run build`: runs the bundled frontend once against a fake daemon and keeps the code
 * that V8 compiled for it, so that the next process starts with it. Made after a run, the cache holds the functions
 * that a build really calls.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cachePath, compileBundle } from "../src/bin/bundle-script.ts";
import { serveFakeBridge } from "../test/support/fake-bridge.ts";

const BUNDLE = resolve("dist/frontend/bundle.cjs");

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

if (process.env["BUILDKIT_SESSION_ID"] === undefined) await serve();
else record();

/** Runs this script again as the frontend, with a daemon at the other end of its pipes. */
async function serve(): Promise<void> {
  const env = {
    ...process.env,
    BUILDKIT_SESSION_ID: "warm",
    BUILDKIT_WORKERS: JSON.stringify([{ id: "w", platforms: [{ os: "linux", architecture: "amd64" }] }]),
    BUILDKIT_FRONTEND_OPT_0: "filename=pyproject.toml",
  };
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [...process.execArgv, self], { env, stdio: ["pipe", "pipe", "inherit"] });
  const files = { "pyproject.toml": PROJECT };
  const config = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/usr/local/bin:/usr/bin:/bin"] } };
  const bridge = await serveFakeBridge(child, {
    locals: { dockerfile: files, context: files },
    images: { "docker.io/library/python:3.13": config, "docker.io/library/python:3.13-slim": config },
  });
  const code = await new Promise<number | null>((done) => child.on("exit", done));
  const { error } = await bridge.returned;
  bridge.close();
  if (code !== 0 || error) throw new Error(`the warm run failed: ${error?.message ?? `exit code ${code}`}`);
  const { script } = compileBundle(BUNDLE, readFileSync(cachePath(BUNDLE)));
  if (script.cachedDataRejected) throw new Error("V8 does not accept the code cache");
}

function record(): void {
  const { script, run } = compileBundle(BUNDLE, undefined);
  process.on("exit", () => writeFileSync(cachePath(BUNDLE), script.createCachedData()));
  run();
}
