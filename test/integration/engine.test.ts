import { spawn } from "node:child_process";
import { PassThrough, Readable, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../src/engine/container-spec.ts";
import type { DockerEngine } from "../../src/engine/docker-engine.ts";
import { EngineError } from "../../src/engine/engine-error.ts";
import { engineInfo } from "../../src/engine/engine-info.ts";
import { findEngine } from "../../src/engine/find-engine.ts";
import { inspectImage } from "../../src/engine/inspect-image.ts";
import { loadImage } from "../../src/engine/load-image.ts";
import { removeImage } from "../../src/engine/remove-image.ts";
import { runContainer } from "../../src/engine/run-container.ts";
import { startContainer } from "../../src/engine/start-container.ts";
import { dockerEnv, type Engine } from "../engine/engines.ts";
import { describeOn } from "../support/describe-on.ts";
import { connectTo, dockerOf, memorySink, output, runImage } from "../support/docker.ts";
import { FRONTEND } from "./setup.ts";

/** Marks the containers of this file on all engines. */
const LABEL = "microb.engine-test";

/** A program for the frontend's image, which has Node and nothing else. */
function node(script: string, ...args: readonly string[]): Partial<ContainerSpec> {
  return { entrypoint: ["/usr/local/bin/node"], command: ["-e", script, ...args], labels: { [LABEL]: "1" } };
}

const FOREVER = "setInterval(() => {}, 1000)";

for (const name of ["floor", "classic", "containerd"] as const) {
  describeOn(name, "the engine client", engineClientOn);
}

function engineClientOn(testEngine: Engine): void {
  let engine: DockerEngine;

  beforeAll(async () => {
    engine = await connectTo(testEngine);
  });

  afterAll(async () => {
    const left = await output(dockerOf(testEngine), ["ps", "-aq", "--filter", `label=${LABEL}`]);
    expect(left).toBe("");
  });

  const run = (spec: Partial<ContainerSpec>) => runImage(engine, FRONTEND, spec);
  const spec = (more: Partial<ContainerSpec>): ContainerSpec => ({
    image: FRONTEND,
    labels: { [LABEL]: "1" },
    stdout: memorySink(),
    stderr: memorySink(),
    ...more,
  });

  test("says what the engine is", async () => {
    expect(await engineInfo(engine)).toEqual({
      version: expect.stringContaining(testEngine.version),
      apiVersion: expect.stringMatching(/^1\.\d\d$/),
      buildkit: true,
      imageStore: testEngine.store === "containerd" ? "containerd" : "classic",
      platform: { os: "linux", architecture: expect.any(String) },
      rootless: false,
    });
  });

  test("is found through DOCKER_HOST", async () => {
    const found = await findEngine({ DOCKER_HOST: testEngine.host });
    expect(found).toMatchObject({ found: { strategy: "docker-host" }, attempts: [], endpoint: engine.endpoint });
  });

  test("inspects an image as the docker client does", async () => {
    const [theirs] = JSON.parse(await output(dockerOf(testEngine), ["image", "inspect", FRONTEND]));
    const image = await inspectImage(engine, FRONTEND);
    expect(image).toMatchObject({ id: theirs.Id, layers: theirs.RootFS.Layers, platform: { os: "linux" } });
    expect(image?.config).toEqual(theirs.Config);
    const of = testEngine.store === "containerd" ? "packed" : "unpacked";
    expect(image?.size).toEqual({ bytes: theirs.Size, of });
    expect((image?.size.bytes ?? 0) / 1e6).toBeGreaterThan(of === "packed" ? 20 : 60);
  });

  test("an image that is not there is undefined, and a name that is none an error", async () => {
    expect(await inspectImage(engine, "microb-test/nowhere:1")).toBeUndefined();
    await expect(inspectImage(engine, "library/UPPER")).rejects.toMatchObject({ name: "EngineError", code: "invalid" });
  });

  test("loads what docker save wrote, and removes it", async () => {
    const name = "microb-test/loaded:1";
    await output(dockerOf(testEngine), ["tag", FRONTEND, name]);
    const archive = await saved(testEngine, name);
    await removeImage(engine, name);
    await removeImage(engine, name);
    expect(await inspectImage(engine, name)).toBeUndefined();
    expect(await loadImage(engine, Readable.from([archive]))).toEqual([name]);
    expect((await inspectImage(engine, name))?.layers).toEqual((await inspectImage(engine, FRONTEND))?.layers);
    await removeImage(engine, name);
  });

  test.each([
    ["garbage", () => Readable.from([Buffer.from("no archive")])],
    ["nothing", () => Readable.from([])],
    ["a source that breaks", () => new Readable({ read: breakOff })],
  ])("loading %s is an error", async (_name, source) => {
    await expect(loadImage(engine, source())).rejects.toBeInstanceOf(EngineError);
  });

  test("keeps stdout and stderr apart and returns the exit code", async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 42";
    expect(await run(node(script))).toEqual({ code: 42, stdout: "out\n", stderr: "err\n" });
  });

  test("passes environment, user and arguments as they are", async () => {
    const value = "a=b\n$HOME 'x' \"y\" é";
    const script = "console.log(JSON.stringify([process.env.VALUE, process.getuid(), process.argv[1]]))";
    const { stdout } = await run({ ...node(script, value), env: { VALUE: value }, user: "65532:65532" });
    expect(JSON.parse(stdout)).toEqual([value, 65532, value]);
  });

  test("loses nothing of a large output to a slow reader", async () => {
    const sizes = { stdout: 0, stderr: 0 };
    const slow = (stream: keyof typeof sizes) =>
      new Writable({
        write(chunk, _encoding, done) {
          sizes[stream] += chunk.length;
          setTimeout(done, 1);
        },
      });
    const script = "const x = Buffer.alloc(4e6, 120); process.stdout.write(x); process.stderr.write(x)";
    await runContainer(engine, spec({ ...node(script), stdout: slow("stdout"), stderr: slow("stderr") }));
    expect(sizes).toEqual({ stdout: 4_000_000, stderr: 4_000_000 });
  });

  describe("stdin", () => {
    const echo = node("process.stdin.pipe(process.stdout)");

    test.each([
      ["text", "héllo\n", "héllo\n"],
      ["nothing", "", ""],
      ["bytes", new Uint8Array([104, 105]), "hi"],
    ])("%s arrives, and ends", async (_name, stdin, stdout) => {
      expect(await run({ ...echo, stdin })).toEqual({ code: 0, stdout, stderr: "" });
    });

    test("each of several containers gets its own, all of it, and nothing else", async () => {
      const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(300_000));
      const outcomes = await Promise.all(texts.map((text) => run({ ...echo, stdin: Readable.from([text]) })));
      expect(outcomes.map(({ stdout }) => stdout)).toEqual(texts);
    });

    test.each([
      ["stays open", () => new PassThrough()],
      ["never ends", () => Readable.from(endless())],
    ])("that %s does not keep a container, nor its output", async (_name, source) => {
      const { stdout } = await run({ ...node("process.stdout.write('x'.repeat(300000))"), stdin: source() });
      expect(stdout.length).toBe(300_000);
    });

    test("that breaks is an error", async () => {
      const running = run({ ...echo, stdin: new Readable({ read: breakOff }) });
      await expect(running).rejects.toThrow("reading what goes to stdin: broken");
    });
  });

  describe("is stopped", () => {
    test("by an abort: killed when it does not listen", async () => {
      const { stdout, signal, abortedAt } = abortOnOutput();
      const script = `process.on('SIGTERM', () => {}); console.log('up'); ${FOREVER}`;
      const stopped = await runContainer(engine, spec({ ...node(script), stdout, signal, grace: 1_000 }));
      expect(stopped).toEqual({ exitCode: 137, stopped: "abort" });
      expect(Date.now() - abortedAt()).toBeLessThan(3_000);
    });

    test("by an abort: with SIGTERM, and its last words are heard", async () => {
      const { stdout, signal } = abortOnOutput();
      const script = `process.on('SIGTERM', () => { console.error('bye'); process.exit(3) }); console.log('up'); ${FOREVER}`;
      const stderr = memorySink();
      const stopped = await runContainer(engine, spec({ ...node(script), stdout, stderr, signal }));
      expect(stopped).toEqual({ exitCode: 3, stopped: "abort" });
      expect(stderr.text).toBe("bye\n");
    });

    test("by its timeout", async () => {
      const stopped = await runContainer(engine, spec({ ...node(FOREVER), timeout: 100, grace: 0 }));
      expect(stopped).toEqual({ exitCode: 137, stopped: "timeout" });
    });

    test("never, when the signal was aborted before", async () => {
      const signal = AbortSignal.abort(new Error("too late"));
      await expect(runContainer(engine, spec({ ...node(FOREVER), signal }))).rejects.toThrow("too late");
    });

    test("when its output cannot be written", async () => {
      const stdout = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
      const running = runContainer(engine, spec({ ...node(`console.log('x'); ${FOREVER}`), stdout }));
      await expect(running).rejects.toThrow("writing the container's output: disk full");
    });

    test("by its handle, which knows the container's address", async () => {
      const server =
        "require('node:http').createServer((_, answer) => answer.end('hello')).listen(8080, () => console.log('up'))";
      const { stdout, signal } = abortOnOutput();
      const container = await startContainer(engine, spec({ ...node(server), stdout, grace: 0 }));
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      expect(await (await fetch(`http://${container.address}:8080`)).text()).toBe("hello");
      expect(await container.stop()).toEqual({ exitCode: 137, stopped: "stop" });
      expect(await container.stop()).toEqual(await container.wait());
    });

    test("by disposing of it", async () => {
      let id: string;
      {
        await using container = await startContainer(engine, spec({ ...node(FOREVER), grace: 0 }));
        id = container.id;
      }
      await expect(engine.api.inspectContainer(id)).rejects.toMatchObject({ code: "not-found" });
    });
  });

  describe("cannot start", () => {
    test("an image that is not there", async () => {
      const running = runContainer(engine, spec({ image: "microb-test/nowhere:1" }));
      await expect(running).rejects.toMatchObject({
        code: "not-found",
        message: expect.stringMatching(/No such image/),
      });
    });

    test.each([
      ["/nowhere", "no such file or directory"],
      ["nowhere", "executable file not found in $PATH"],
      ["/microb/main.cjs", "permission denied"],
    ])("the entrypoint %s", async (entrypoint, words) => {
      const running = run({ ...node(""), entrypoint: [entrypoint], stdin: "x" });
      const error = await running.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "EngineError", code: "invalid" });
      expect((error as EngineError).message).toContain(words);
      expect((error as EngineError).message).toContain(`"${entrypoint}"`);
    });

    test("a user that the image does not have", async () => {
      const running = run({ ...node(""), user: "somebody" });
      await expect(running).rejects.toThrow(/^starting the container: unable to find user somebody/);
    });
  });
}

function saved(engine: Engine, image: string): Promise<Buffer> {
  const child = spawn(engine.cli, ["save", image], { env: { ...process.env, ...dockerEnv(engine) } });
  return child.stdout.toArray().then((chunks) => Buffer.concat(chunks));
}

/** A signal that is aborted by the first thing that is written. */
function abortOnOutput(): { stdout: Writable; signal: AbortSignal; abortedAt: () => number } {
  const controller = new AbortController();
  let at = 0;
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      at ||= Date.now();
      controller.abort();
      done();
    },
  });
  return { stdout, signal: controller.signal, abortedAt: () => at };
}

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(65_536);
}

function breakOff(this: Readable): void {
  this.destroy(new Error("broken"));
}
