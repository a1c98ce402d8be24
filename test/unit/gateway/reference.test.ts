import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createReference } from "../../../src/gateway/reference.ts";
import { local } from "../../../src/llb/local.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { connection } from "./connection.ts";

const definition = marshal(local({ local: "context", sessionId: "s" }));
const locals = { context: { "pyproject.toml": "[project]\n", "src/app/main.py": "é", "empty.txt": "" } };

test("a solved local can be read, listed and asked about", async () => {
  const { client, bridge } = await connection({ locals });
  const reference = await client.solve({ definition });
  expect(await reference.readText("pyproject.toml")).toBe("[project]\n");
  expect(await reference.readText("src/app/main.py")).toBe("é");
  expect(await reference.readText("empty.txt")).toBe("");
  expect(await reference.list("/")).toEqual([
    { name: "empty.txt", kind: "file" },
    { name: "pyproject.toml", kind: "file" },
    { name: "src", kind: "directory" },
  ]);
  expect(await reference.stat("src")).toMatchObject({ kind: "directory", mode: 0o755 });
  expect(await reference.stat("pyproject.toml")).toEqual({ kind: "file", mode: 0o644, size: 10, modTime: 0n });
  expect(bridge.requests("Solve")[0]).toMatchObject({ allowResultReturn: true, allowResultArrayRef: true });
});

test("what is not there is undefined, or an empty directory", async () => {
  const { client } = await connection({ locals });
  const reference = await client.solve({ definition });
  expect(await reference.readText("uv.lock")).toBeUndefined();
  expect(await reference.readBytes("src/none")).toBeUndefined();
  expect(await reference.stat("none")).toBeUndefined();
  expect(await reference.list("none")).toEqual([]);
});

test("a directory is no file", async () => {
  const message = "read /var/lib/docker/tmp/buildkit-mount1/pyproject.toml: is a directory";
  const { client } = await connection({
    locals,
    fail: (method) => (method === "ReadFile" ? { code: 2, message, details: [] } : undefined),
  });
  expect(await (await client.solve({ definition })).readText("pyproject.toml")).toBeUndefined();
});

test("every other failure is an error", async () => {
  const message = "failed to solve: error from sender: open /home/me: no such file or directory";
  const { client } = await connection({
    locals,
    fail: (method) => (method === "ReadFile" ? { code: 2, message, details: [] } : undefined),
  });
  const reference = await client.solve({ definition });
  await expect(reference.readText("pyproject.toml")).rejects.toThrow(message);
});

test("the same file is read once", async () => {
  const { client, bridge } = await connection({ locals });
  const reference = await client.solve({ definition });
  await Promise.all([reference.readText("pyproject.toml"), reference.readBytes("pyproject.toml")]);
  await reference.readText("pyproject.toml");
  expect(bridge.requests("ReadFile")).toHaveLength(1);
});

test("a big file is read in pages", async () => {
  const big = "0123456789abcdef".repeat((5 << 20) / 16);
  const { client, bridge } = await connection({ locals: { context: { big, even: big.slice(0, 2 << 20) } } });
  const reference = await client.solve({ definition });
  expect((await reference.readText("big")) === big).toBe(true);
  expect(bridge.requests("ReadFile")).toHaveLength(3);
  expect(await reference.readText("even")).toHaveLength(2 << 20);
});

test("no more than four reads are under way, and all are answered", async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`file-${index}`, `${index}`]));
  const { client, bridge } = await connection({
    locals: { context: files },
    fail: async (method) => (method === "ReadFile" ? delay(2, undefined) : undefined),
  });
  const [one, two] = await Promise.all([client.solve({ definition }), client.solve({ definition })]);
  const texts = await Promise.all(Object.keys(files).flatMap((path) => [one.readText(path), two.readText(path)]));
  expect(texts).toEqual(Object.values(files).flatMap((text) => [text, text]));
  expect(bridge.peak("ReadFile")).toBeLessThanOrEqual(4);
  expect(bridge.peak("ReadFile")).toBeGreaterThan(1);
});

test("old daemons answer with a bare reference", async () => {
  const { client } = await connection({ locals, legacyResults: true });
  expect(await (await client.solve({ definition })).readText("pyproject.toml")).toBe("[project]\n");
});

test("an empty reference holds nothing and asks nobody", async () => {
  const reference = createReference("", () => Promise.reject(new Error("asked")));
  expect(await reference.readText("a")).toBeUndefined();
  expect(await reference.list("/")).toEqual([]);
});
