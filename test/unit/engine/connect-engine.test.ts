import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectEngine } from "../../../src/engine/connect-engine.ts";
import { tempProject } from "../../support/temp-project.ts";

async function listening<Some extends Server | TcpServer>(server: Some, at: string | number): Promise<Some> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(at as number, "127.0.0.1", resolve));
  return server;
}

async function fakeEngine(listener: RequestListener): Promise<number> {
  return ((await listening(createServer(listener), 0)).address() as AddressInfo).port;
}

const at = (port: number) => ({ kind: "tcp", host: "127.0.0.1", port }) as const;

test.each([
  ["1.41", "v1.41"],
  ["1.51", "v1.51"],
  ["1.60", "v1.51"],
])("with an engine that speaks %s, %s is spoken", async (apiVersion, spoken) => {
  const urls: (string | undefined)[] = [];
  const port = await fakeEngine((request, response) => {
    urls.push(request.url);
    response.setHeader("Api-Version", apiVersion).setHeader("OSType", "linux").setHeader("Builder-Version", "2");
    response.end(request.url === "/_ping" ? "OK" : "{}");
  });
  const engine = await connectEngine(at(port));
  expect(engine.ping).toEqual({ apiVersion, os: "linux", builder: "2", podman: false });
  await engine.api.info();
  expect(urls).toEqual(["/_ping", `/${spoken}/info`]);
});

test("DOCKER_HOST of this process does not matter, and stays", async () => {
  const port = await fakeEngine((_request, response) => response.setHeader("Api-Version", "1.41").end());
  const before = process.env["DOCKER_HOST"];
  onTestFinished(() => {
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
  });
  process.env["DOCKER_HOST"] = "tcp://[malformed";
  expect((await connectEngine(at(port))).ping.apiVersion).toBe("1.41");
  expect(process.env["DOCKER_HOST"]).toBe("tcp://[malformed");
});

test.each<[string, RequestListener, string]>([
  ["another server", (_request, response) => response.end("hello"), "what answers there is not a Docker Engine"],
  [
    "one that knows no such path",
    (_request, response) => response.writeHead(404).end(),
    "what answers there is not a Docker Engine: HTTP 404",
  ],
  [
    "a broken engine",
    (_request, response) => response.writeHead(500).end('{"message": "shutting down"}'),
    "what answers there is not a Docker Engine: shutting down",
  ],
])("%s", async (_name, listener, message) => {
  const connecting = connectEngine(at(await fakeEngine(listener)));
  await expect(connecting).rejects.toMatchObject({ name: "EngineError", code: "unreachable", message });
});

test("one that says nothing is given up", async () => {
  const server = await listening(
    createTcpServer((socket) => onTestFinished(() => void socket.destroy())),
    0,
  );
  const connecting = connectEngine(at((server.address() as AddressInfo).port), { timeout: 50 });
  await expect(connecting).rejects.toMatchObject({ code: "unreachable", message: "no answer within 0.05 s" });
});

test("one that speaks another protocol", async () => {
  const server = await listening(
    createTcpServer((socket) => socket.on("error", () => {}).end("SSH-2.0-x\r\n")),
    0,
  );
  const connecting = connectEngine(at((server.address() as AddressInfo).port));
  await expect(connecting).rejects.toMatchObject({ name: "EngineError", code: "unreachable" });
});

test("a socket that is not there, or is none", async () => {
  const directory = tempProject({ file: "" });
  for (const name of ["missing", "file"]) {
    const connecting = connectEngine({ kind: "socket", path: join(directory, name) });
    await expect(connecting).rejects.toMatchObject({ name: "EngineError", code: "unreachable" });
  }
});
