import { type Duplex, PassThrough, Readable } from "node:stream";
import { expect, test, vi } from "vitest";
import type { ContainerSpec } from "../../../src/engine/container-spec.ts";
import type { DockerEngine } from "../../../src/engine/docker-engine.ts";
import type { EngineApi } from "../../../src/engine/engine-api.ts";
import { EngineError } from "../../../src/engine/engine-error.ts";
import { startContainer } from "../../../src/engine/start-container.ts";
import { memorySink } from "../../support/docker.ts";

/** An engine with one container, which ends when it is stopped or removed. It keeps account of what it is asked. */
function fakeEngine(changes: Partial<EngineApi> = {}) {
  const calls: string[] = [];
  const streams: Duplex[] = [];
  let exit: (code: number) => void = () => {};
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  const api: Partial<EngineApi> = {
    createContainer: async () => "c1",
    attachContainer: async () => {
      const stream = new PassThrough();
      streams.push(stream);
      void exited.then(() => stream.end());
      return stream;
    },
    startContainer: async () => {},
    inspectContainer: async () => ({
      NetworkSettings: { Networks: { none: { IPAddress: "" }, b: { IPAddress: "1.2.3.4" } } },
    }),
    waitContainer: async () => ({ StatusCode: await exited }),
    stopContainer: async () => exit(143),
    removeContainer: async () => exit(137),
    ...changes,
  };
  const logged = Object.fromEntries(
    Object.entries(api).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        calls.push(name.replace("Container", ""));
        return (call as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return { engine: { api: logged as unknown as EngineApi } as DockerEngine, calls, streams, exit };
}

function spec(more: Partial<ContainerSpec> = {}): ContainerSpec {
  return { image: "x", labels: {}, stdout: memorySink(), stderr: memorySink(), ...more };
}

const refuse = (message: string) => async () => {
  throw new EngineError("failed", message);
};

test("a container that ends is removed, asked for or not", async () => {
  const { engine, calls, exit } = fakeEngine();
  const container = await startContainer(engine, spec());
  expect(container).toMatchObject({ id: "c1", address: "1.2.3.4" });
  exit(5);
  await vi.waitFor(() => expect(calls).toContain("remove"));
  expect(await container.wait()).toEqual({ exitCode: 5 });
  expect(await container.stop()).toEqual({ exitCode: 5 });
  expect(calls).toEqual(["create", "attach", "start", "inspect", "wait", "remove"]);
});

test.each([
  ["attachContainer", ["create", "attach", "remove"]],
  ["startContainer", ["create", "attach", "attach", "start", "remove"]],
  ["inspectContainer", ["create", "attach", "attach", "start", "inspect", "remove"]],
] as const)("when %s fails nothing is left", async (step, expected) => {
  const { engine, calls, streams } = fakeEngine({ [step]: refuse("no") });
  await expect(startContainer(engine, spec({ stdin: "x" }))).rejects.toThrow("no");
  expect(calls).toEqual(expected);
  expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
});

test("the reason for a failed start is told even when removing fails too", async () => {
  const { engine } = fakeEngine({ startContainer: refuse("no entrypoint"), removeContainer: refuse("no removal") });
  await expect(startContainer(engine, spec())).rejects.toThrow("no entrypoint");
});

test("an abort while the container is created removes it", async () => {
  const controller = new AbortController();
  const createContainer = async () => {
    controller.abort(new Error("changed my mind"));
    return "c1";
  };
  const { engine, calls } = fakeEngine({ createContainer });
  await expect(startContainer(engine, spec({ signal: controller.signal }))).rejects.toThrow("changed my mind");
  expect(calls).toEqual(["create", "remove"]);
});

test("an abort while the container starts stops it", async () => {
  const controller = new AbortController();
  const { engine } = fakeEngine({ startContainer: async () => controller.abort() });
  const container = await startContainer(engine, spec({ signal: controller.signal }));
  expect(await container.wait()).toEqual({ exitCode: 143, stopped: "abort" });
});

test("a container that cannot be stopped is removed", async () => {
  const { engine, calls } = fakeEngine({ stopContainer: refuse("it hangs") });
  const container = await startContainer(engine, spec());
  expect(await container.stop()).toEqual({ exitCode: 137, stopped: "stop" });
  expect(calls.slice(-3)).toEqual(["stop", "remove", "remove"]);
});

test("the grace time is told in whole seconds", async () => {
  const stopContainer = vi.fn(async () => {});
  const { engine, exit } = fakeEngine({ stopContainer });
  const container = await startContainer(engine, spec({ grace: 1_200 }));
  exit(0);
  await container.stop();
  expect(stopContainer).toHaveBeenCalledWith("c1", 2);
});

test("an engine that goes away is an error for who waits, and for nobody else", async () => {
  const lost = async () => {
    throw new EngineError("unreachable", "socket hang up");
  };
  const { engine } = fakeEngine({ waitContainer: lost, removeContainer: lost });
  const container = await startContainer(engine, spec());
  await new Promise((resolve) => setTimeout(resolve, 10));
  await expect(container.wait()).rejects.toMatchObject({ code: "unreachable" });
});

test("what the engine says about the end is an error", async () => {
  const waitContainer = async () => ({ StatusCode: 125, Error: { Message: "out of disk" } });
  const { engine, exit } = fakeEngine({ waitContainer });
  const container = await startContainer(engine, spec());
  exit(125);
  await expect(container.wait()).rejects.toThrow("out of disk");
});

test.each<[string, () => Readable]>([
  ["ended", () => Readable.from([]).resume()],
  ["was destroyed", () => new PassThrough().destroy()],
])("stdin that %s before is empty", async (_name, source) => {
  const stdin = source();
  await new Promise((resolve) => stdin.on("close", resolve));
  const { engine, streams, exit } = fakeEngine();
  const container = await startContainer(engine, spec({ stdin }));
  await vi.waitFor(() => expect(streams[1]?.writableEnded).toBe(true));
  exit(0);
  await container.wait();
});

test("stdin that broke before is an error", async () => {
  const stdin = new PassThrough().on("error", () => {});
  stdin.destroy(new Error("broken"));
  await new Promise((resolve) => stdin.on("close", resolve));
  const container = await startContainer(fakeEngine().engine, spec({ stdin }));
  await expect(container.wait()).rejects.toThrow("reading what goes to stdin: broken");
});

test("a stream for stdin is left as it is", async () => {
  const stdin = new PassThrough();
  const { engine, exit } = fakeEngine();
  const container = await startContainer(engine, spec({ stdin }));
  exit(0);
  await container.wait();
  expect(stdin.destroyed).toBe(false);
  expect(stdin.listenerCount("error")).toBe(0);
});
