import { expect, test } from "vitest";
import { MissingCapabilityError } from "../../../src/gateway/capabilities.ts";
import { GatewayError } from "../../../src/gateway/gateway-error.ts";
import { subrequestDetail } from "../../../src/gateway/status-detail.ts";
import { toStatus } from "../../../src/gateway/to-status.ts";
import { local } from "../../../src/llb/local.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { mkfile } from "../../../src/llb/mkfile.ts";
import { RECENT_API_CAPS, RECENT_LLB_CAPS } from "../../support/capability-lists.ts";
import { connection } from "./connection.ts";

const definition = marshal(local({ local: "context", sessionId: "s" }));

test("capabilities are asked for at once, and only once", async () => {
  const { client, bridge } = await connection({ apiCaps: ["readfile"], llbCaps: ["file.base"] });
  const { api, llb } = await client.caps;
  expect(api.has("readfile")).toBe(true);
  expect(llb.has("mergeop")).toBe(false);
  expect(() => llb.require("mergeop", "merging")).toThrow(MissingCapabilityError);
  expect(() => llb.require("mergeop", "merging")).toThrow(/^merging needs a newer BuildKit.*mergeop/);
  expect(bridge.requests("Ping")).toHaveLength(1);
});

test("empty lists stand for the frozen baseline", async () => {
  const { client } = await connection({ apiCaps: [], llbCaps: [] });
  const { api, llb } = await client.caps;
  expect([api.has("readfile"), api.has("readdir"), llb.has("source.local"), llb.has("file.base")]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test("an error of the daemon comes with its code and details, byte for byte, and goes back the same", async () => {
  const status = {
    code: 13,
    message: "executor failed running [/bin/sh -c …]: exit code: 3",
    details: [subrequestDetail("x"), { typeUrl: "t", value: Uint8Array.of(0, 255, 128) }],
  };
  const { client, bridge } = await connection({ fail: (method) => (method === "Solve" ? status : undefined) });
  const error = await client.solve({ definition }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(GatewayError);
  expect(await client.returnError(toStatus(error))).toBe(true);
  const { error: sent } = await bridge.returned;
  expect(sent).toMatchObject({ code: 13, message: status.message });
  expect(sent?.details?.map(({ typeUrl, value }) => [typeUrl, Buffer.from(value ?? [])])).toEqual(
    status.details.map(({ typeUrl, value }) => [typeUrl, Buffer.from(value)]),
  );
});

test("something is returned exactly once", async () => {
  const { client, bridge } = await connection();
  const reference = await client.solve({ definition });
  const metadata = { "containerimage.config": "{}" };
  expect(await client.returnResult({ refs: reference, metadata })).toBe(true);
  expect(await client.returnResult({ refs: reference, metadata })).toBe(false);
  expect(await client.returnError({ code: 2, message: "late", details: [] })).toBe(false);
  expect(bridge.requests("Return")).toHaveLength(1);
  const { result } = await bridge.returned;
  expect(result?.ref?.id).toBe("ref-1");
  expect(Buffer.from(result?.metadata?.["containerimage.config"] ?? []).toString()).toBe("{}");
});

test("when the daemon refuses the result, the error can still be returned", async () => {
  let refuse = true;
  const { client, bridge } = await connection({
    fail: (method) => (method === "Return" && refuse ? { code: 3, message: "bad result", details: [] } : undefined),
  });
  const reference = await client.solve({ definition });
  const error = await client.returnResult({ refs: reference, metadata: {} }).catch((caught: unknown) => caught);
  refuse = false;
  expect(await client.returnError(toStatus(error))).toBe(true);
  expect(bridge.requests("Return")[1]).toMatchObject({ error: { message: "bad result" } });
});

test.each([
  [["proto.refarray"], { refs: { refs: { "linux/amd64": { id: "ref-1" } } } }],
  [["return"], { refsDeprecated: { refs: { "linux/amd64": "ref-1" } } }],
])("results by platform, when the daemon has %s", async (apiCaps, expected) => {
  const { client, bridge } = await connection({ apiCaps });
  const reference = await client.solve({ definition });
  await client.returnResult({ refs: new Map([["linux/amd64", reference]]), metadata: {} });
  expect((await bridge.returned).result).toMatchObject(expected);
});

test("a request that is too large for the daemon is refused before it is sent", async () => {
  const { client, bridge } = await connection({ maxRequestBytes: 4 << 20 });
  const large = marshal(mkfile({ path: "/a", mode: 0o644, data: new Uint8Array(4 << 20) }));
  await expect(client.solve({ definition: large })).rejects.toThrow(
    /Solve request takes \d+ bytes.*no more than 4194304/,
  );
  expect(bridge.requests("Solve")).toHaveLength(0);
  await client.solve({ definition });
});

test("recent daemons take more", async () => {
  const { client } = await connection({ llbCaps: RECENT_LLB_CAPS });
  await client.solve({ definition: marshal(mkfile({ path: "/a", mode: 0o644, data: new Uint8Array(5 << 20) })) });
  const tooLarge = marshal(mkfile({ path: "/a", mode: 0o644, data: new Uint8Array(16 << 20) }));
  await expect(client.solve({ definition: tooLarge })).rejects.toThrow(/no more than 16777216/);
});

test("evaluation and cache imports travel along", async () => {
  const { client, bridge } = await connection();
  await client.solve({ definition, evaluate: true, cacheImports: [{ type: "registry", attrs: { ref: "a/b" } }] });
  expect(bridge.requests("Solve")[0]).toMatchObject({
    evaluate: true,
    cacheImports: [{ type: "registry", attrs: { ref: "a/b" } }],
  });
});

test("frontend inputs come as definitions", async () => {
  const { client } = await connection({ inputs: { context: definition } });
  const inputs = await client.inputs();
  expect([...inputs.keys()]).toEqual(["context"]);
  expect(inputs.get("context")?.def.map((bytes) => Buffer.from(bytes))).toEqual(
    definition.def.map((bytes) => Buffer.from(bytes)),
  );
});

test("warnings are shown where they can be, and never fail", async () => {
  const origin = {
    file: { filename: "pyproject.toml", text: "a = 1\n", language: "TOML" },
    ranges: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 5 } }],
  };
  const recent = await connection({ apiCaps: RECENT_API_CAPS, fail: (method) => failure(method === "Warn") });
  await recent.client.warn({ digest: "sha256:00", short: "careful", detail: ["very"], origin });
  const [request] = recent.bridge.requests("Warn");
  expect(request).toMatchObject({ info: { filename: "pyproject.toml" }, ranges: origin.ranges });
  const old = await connection();
  await old.client.warn({ digest: "sha256:00", short: "careful" });
  expect(old.bridge.requests("Warn")).toHaveLength(0);
});

function failure(fails: boolean): { code: number; message: string; details: [] } | undefined {
  return fails ? { code: 2, message: "no", details: [] } : undefined;
}
