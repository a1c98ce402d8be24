import { PassThrough } from "node:stream";
import type { DiagnosticCode } from "../../src/diagnostic/code.ts";
import { runFrontend } from "../../src/frontend/run-frontend.ts";
import { connectStdio } from "../../src/gateway/stdio-transport.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { serveFakeBridge } from "../../test/support/fake-bridge.ts";
import { renderError } from "../../test/support/planning.ts";
import type { ErrorExample } from "./error-examples.ts";
import { readSample } from "./sample.ts";

/**
 * What microb says to an example: a build against a daemon that has the example's files, or the command line.
 * @throws Error when that has nothing to do with the code that the example is for.
 */
export async function messageOf(example: ErrorExample, code: DiagnosticCode): Promise<string> {
  const whole = (await say(example, code)).replace(/ +$/gm, "");
  if (!whole.includes(`[${code}]`)) throw new Error(`the example of ${code} does not provoke it, but says: ${whole}`);
  return example.isLong ? shortened(whole) : whole;
}

async function say(example: ErrorExample, code: DiagnosticCode): Promise<string> {
  const { files, command = "", opts = {} } = example;
  const args = Object.entries(opts).flatMap(([key, value]) =>
    key.startsWith("build-arg:") ? [[key.slice("build-arg:".length), value]] : [],
  );
  const platform = parsePlatform(opts["platform"] ?? "linux", { os: "linux", architecture: "amd64" });
  const sample = { text: files["pyproject.toml"] ?? "", files, buildArgs: Object.fromEntries(args), platform };
  if (command.startsWith("microb ")) return renderError(() => readSample(sample));
  if (command.includes("--check")) return (await readSample(sample)).aboutCode(code);
  return (await buildError(example)) ?? (await readSample(sample)).aboutCode(code);
}

/** What a build returns instead of an image, if it does. */
async function buildError({ files, context = files, opts = {} }: ErrorExample): Promise<string | undefined> {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const path = "PATH=/usr/local/bin:/usr/bin:/bin";
  const image = { os: "linux", architecture: "amd64", config: { Env: [path] } };
  const official = (release: string) => ({
    ...image,
    config: { Env: [path, `PYTHON_VERSION=${release}`] },
    history: [{ created_by: "# debian.sh --arch 'amd64' out/ 'trixie' '@1760000000'" }],
  });
  const releases = { "3.13": official("3.13.9"), "3.14": official("3.14.2"), "3.15": image };
  const images = Object.fromEntries(
    Object.entries(releases).flatMap(([tag, about]) =>
      ["", "-slim"].map((kind) => [`docker.io/library/python:${tag}${kind}`, about]),
    ),
  );
  const bridge = await serveFakeBridge({ stdin, stdout }, { locals: { dockerfile: files, context }, images });
  const env = {
    BUILDKIT_SESSION_ID: "session",
    BUILDKIT_WORKERS: JSON.stringify([{ ID: "worker", Platforms: [{ architecture: "amd64", os: "linux" }] }]),
    ...Object.fromEntries(
      Object.entries(opts).map(([key, value], index) => [`BUILDKIT_FRONTEND_OPT_${index}`, `${key}=${value}`]),
    ),
  };
  try {
    await runFrontend({ transport: await connectStdio({ stdin, stdout }), env, interrupted: new Promise(() => {}) });
    return (await bridge.returned).error?.message ?? undefined;
  } finally {
    bridge.close();
  }
}

/** The first problem and the end. */
function shortened(message: string): string {
  const blocks = message.split("\n\n");
  return [...blocks.slice(0, 2), "…", ...blocks.slice(-1)].join("\n\n");
}
