import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import type { DockerEngine } from "../../../src/engine/docker-engine.ts";
import type { Endpoint } from "../../../src/engine/endpoint.ts";
import { EngineError } from "../../../src/engine/engine-error.ts";
import { findEngine } from "../../../src/engine/find-engine.ts";
import { tempProject } from "../../support/temp-project.ts";

/** An engine answers at the given addresses only. */
function answeringAt(...sockets: readonly string[]) {
  return vi.fn(async (endpoint: Endpoint) => {
    const address = endpoint.kind === "socket" ? endpoint.path : `${endpoint.host}:${endpoint.port}`;
    if (sockets.includes(address)) return { endpoint } as DockerEngine;
    throw new EngineError("unreachable", "nobody is there");
  });
}

/** Paths of the files of a docker context. */
function contextFiles(name: string): Readonly<{ meta: string; tls: string }> {
  const id = createHash("sha256").update(name).digest("hex");
  return { meta: `.docker/contexts/meta/${id}/meta.json`, tls: `.docker/contexts/tls/${id}/docker` };
}

function contextMeta(host: string, more: object = {}): string {
  return JSON.stringify({ Name: "x", Metadata: {}, Endpoints: { docker: { Host: host, ...more } } });
}

function unexpected(): never {
  throw new Error("an engine was found");
}

test("everything is tried in order, and the error tells all of it", async () => {
  const home = tempProject({});
  const connect = answeringAt();
  const env = { HOME: home, XDG_RUNTIME_DIR: "/run/user/7", MICROB_ENGINE_RUN: home, DOCKER_HOST: "tcp://far:1" };
  const error: EngineError = await findEngine(env, { connect }).then(unexpected, (thrown) => thrown);
  expect(error).toMatchObject({ name: "EngineError", code: "unreachable" });
  expect(error.help).toContain("DOCKER_HOST");
  expect(error.message.replaceAll(home, "~").split("\n")).toEqual([
    "no Docker Engine that can be used was found:",
    "  DOCKER_HOST=tcp://far:1: nobody is there",
    "  docker context: none is chosen",
    "  /var/run/docker.sock: nobody is there",
    "  /run/user/7/docker.sock: nobody is there",
    "  ~/.docker/run/docker.sock: nobody is there",
    "  ~/.docker/desktop/docker.sock: nobody is there",
    "  private test engine: not started",
  ]);
});

test("the first that answers is taken, with what was tried before and how the docker client gets there", async () => {
  const home = tempProject({});
  const connect = answeringAt("/run/user/7/docker.sock", `${home}/.docker/run/docker.sock`);
  const engine = await findEngine({ HOME: home, XDG_RUNTIME_DIR: "/run/user/7" }, { connect });
  expect(engine).toEqual({
    endpoint: { kind: "socket", path: "/run/user/7/docker.sock" },
    found: {
      strategy: "socket",
      name: "/run/user/7/docker.sock",
      clientEnv: { DOCKER_HOST: "unix:///run/user/7/docker.sock", DOCKER_CONTEXT: undefined },
    },
    attempts: [
      { strategy: "docker-host", name: "DOCKER_HOST", reason: "not set" },
      { strategy: "context", name: "docker context", reason: "none is chosen" },
      { strategy: "socket", name: "/var/run/docker.sock", reason: "nobody is there" },
    ],
  });
  expect(connect).toHaveBeenCalledTimes(2);
});

test("an engine that will not do is passed over with the reason", async () => {
  const connect = answeringAt("/one.sock", "/var/run/docker.sock");
  const env = { HOME: tempProject({}), DOCKER_HOST: "unix:///one.sock" };
  const engine = await findEngine(env, {
    connect,
    refuse: async (_engine, { strategy }) => (strategy === "docker-host" ? "too old" : undefined),
  });
  expect(engine.found.name).toBe("/var/run/docker.sock");
  expect(engine.attempts[0]).toEqual({
    strategy: "docker-host",
    name: "DOCKER_HOST=unix:///one.sock",
    reason: "too old",
  });
});

test("only the strategies that are asked for are used", async () => {
  const search = findEngine({ HOME: tempProject({}) }, { connect: answeringAt(), strategies: ["docker-host"] });
  await expect(search).rejects.toThrow(/found:\n {2}DOCKER_HOST: not set$/);
});

test.each([
  [
    { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" },
    { port: 2376, tls: { directory: "/certs", verify: true } },
  ],
  [
    { DOCKER_TLS_VERIFY: "0", DOCKER_CERT_PATH: "/certs" },
    { port: 2376, tls: { directory: "/certs", verify: true } },
  ],
  [
    { DOCKER_TLS: "1", DOCKER_CONFIG: "/config" },
    { port: 2376, tls: { directory: "/config", verify: false } },
  ],
  [{ DOCKER_TLS_VERIFY: "", DOCKER_CERT_PATH: "/certs" }, { port: 2375 }],
])("DOCKER_HOST with %j", async (env, expected) => {
  const connect = answeringAt("far:2375", "far:2376");
  const { endpoint } = await findEngine({ HOME: "/none", DOCKER_HOST: "tcp://far", ...env }, { connect });
  expect(endpoint).toEqual({ kind: "tcp", host: "far", ...expected });
});

test("ssh is refused with a way around", async () => {
  const search = findEngine({ HOME: "/none", DOCKER_HOST: "ssh://me@far" }, { strategies: ["docker-host"] });
  await expect(search).rejects.toThrow(/DOCKER_HOST=ssh:\/\/me@far: ssh:\/\/ is not supported: forward the socket/);
});

test("the context of config.json is found, and DOCKER_CONTEXT goes before it", async () => {
  const files = {
    ".docker/config.json": JSON.stringify({ currentContext: "work" }),
    [contextFiles("work").meta]: contextMeta("unix:///work.sock"),
    [contextFiles("play").meta]: contextMeta("unix:///play.sock"),
  };
  const env = { HOME: tempProject(files) };
  const connect = answeringAt("/work.sock", "/play.sock");
  const work = await findEngine(env, { connect });
  expect(work.endpoint).toEqual({ kind: "socket", path: "/work.sock" });
  expect(work.found).toEqual({
    strategy: "context",
    name: 'docker context "work" (unix:///work.sock)',
    clientEnv: { DOCKER_HOST: undefined, DOCKER_CONTEXT: "work" },
  });
  const play = await findEngine({ ...env, DOCKER_CONTEXT: "play" }, { connect });
  expect(play.endpoint).toEqual({ kind: "socket", path: "/play.sock" });
});

test("a context brings its certificates", async () => {
  const { meta, tls } = contextFiles("far");
  const home = tempProject({ [meta]: contextMeta("tcp://far:9"), [`${tls}/ca.pem`]: "…" });
  const { endpoint } = await findEngine({ HOME: home, DOCKER_CONTEXT: "far" }, { connect: answeringAt("far:9") });
  expect(endpoint).toEqual({ kind: "tcp", host: "far", port: 9, tls: { directory: `${home}/${tls}`, verify: true } });
});

test("a context may do without verification", async () => {
  const { meta, tls } = contextFiles("far");
  const home = tempProject({ [meta]: contextMeta("tcp://far:9", { SkipTLSVerify: true }) });
  const { endpoint } = await findEngine({ HOME: home, DOCKER_CONTEXT: "far" }, { connect: answeringAt("far:9") });
  expect(endpoint).toMatchObject({ tls: { directory: `${home}/${tls}`, verify: false } });
});

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ["missing", {}, { DOCKER_CONTEXT: "gone" }, 'docker context "gone": there is no context of that name'],
  ["default", {}, { DOCKER_CONTEXT: "default" }, "docker context: none is chosen"],
  ["without an engine", { [contextFiles("k8s").meta]: "{}" }, { DOCKER_CONTEXT: "k8s" }, "it names no Docker Engine"],
  [
    "on ssh",
    { [contextFiles("s").meta]: contextMeta("ssh://far") },
    { DOCKER_CONTEXT: "s" },
    "ssh:// is not supported",
  ],
  ["broken", { ".docker/config.json": '{"auths": "secret"' }, {}, "config.json is not a JSON object"],
  ["no text", { ".docker/config.json": '{"currentContext": 7}' }, {}, "docker context: none is chosen"],
])("a context that is %s is passed over", async (_name, files, env, expected) => {
  const search = findEngine({ HOME: tempProject(files), ...env }, { strategies: ["context"] });
  const error: EngineError = await search.then(unexpected, (thrown) => thrown);
  expect(error.message).toContain(expected);
  expect(error.message).not.toContain("secret");
});

test("DOCKER_CONFIG moves the settings of the docker client", async () => {
  const home = tempProject({
    "elsewhere/config.json": JSON.stringify({ currentContext: "x" }),
    [contextFiles("x").meta.replace(".docker", "elsewhere")]: contextMeta("unix:///x.sock"),
  });
  const env = { HOME: home, DOCKER_CONFIG: `${home}/elsewhere` };
  expect((await findEngine(env, { connect: answeringAt("/x.sock") })).found.strategy).toBe("context");
});

test("private test engines come last, the one with the containerd store first", async () => {
  const engines = ["floor", "containerd"].map((name) => ({ name, host: `unix:///${name}.sock` }));
  const home = tempProject({ "engines.json": JSON.stringify({ engines }) });
  const env = { HOME: home, MICROB_ENGINE_RUN: home };
  const { found } = await findEngine(env, { connect: answeringAt("/floor.sock", "/containerd.sock") });
  expect(found.name).toBe('private test engine "containerd" (unix:///containerd.sock)');
});

test.each(["{", "{}", '{"engines": []}', "[]"])("a state file %j of private engines is passed over", async (text) => {
  const home = tempProject({ "engines.json": text });
  const search = findEngine({ MICROB_ENGINE_RUN: home, HOME: home }, { strategies: ["private"] });
  await expect(search).rejects.toMatchObject({ name: "EngineError", code: "unreachable" });
});
