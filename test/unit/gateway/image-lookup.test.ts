import { expect, test } from "vitest";
import { RECENT_API_CAPS } from "../../support/capability-lists.ts";
import { connection } from "./connection.ts";

const ref = "docker.io/library/python:3.12";
const images = { [ref]: { os: "linux", architecture: "arm64", config: { Env: ["A=1"] } } };
const platform = { os: "linux", architecture: "aarch64" };

test.each([
  ["ResolveSourceMeta", RECENT_API_CAPS],
  ["ResolveImageConfig", undefined],
] as const)("an image is looked up through %s", async (method, apiCaps) => {
  const { client, bridge } = await connection({ images, ...(apiCaps && { apiCaps }) }, { resolveMode: "pull" });
  const found = await client.resolveImage(ref, platform);
  expect(found).toEqual({
    reference: expect.stringMatching(/^docker\.io\/library\/python:3\.12@sha256:[0-9a-f]{64}$/),
    digest: expect.stringMatching(/^sha256:/),
    config: images[ref],
  });
  expect(bridge.requests(method)).toHaveLength(1);
  expect(bridge.requests(method)[0]).toMatchObject({
    platform: { os: "linux", architecture: "arm64" },
    resolveMode: "pull",
    logName: `[internal] load metadata for ${ref}`,
  });
});

test("a build of several platforms names them", async () => {
  const { client, bridge } = await connection({ images }, { namePlatforms: true });
  await client.resolveImage(ref, platform);
  expect(bridge.requests("ResolveImageConfig")[0]?.logName).toBe(`[linux/arm64 internal] load metadata for ${ref}`);
});

test("the same question is asked once, also when the answer is an error", async () => {
  const { client, bridge } = await connection({ images });
  const other = { os: "linux", architecture: "amd64" };
  await Promise.all([
    client.resolveImage(ref, platform),
    client.resolveImage(ref, platform),
    client.resolveImage(ref, other),
  ]);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(client.resolveImage("docker.io/none", platform)).rejects.toThrow("docker.io/none: not found");
  }
  expect(bridge.requests("ResolveImageConfig")).toHaveLength(3);
});

test("a reference that is pinned already stays as it is", async () => {
  const pinned = `${ref}@sha256:11`;
  const { client } = await connection({ images: { [pinned]: images[ref] ?? { os: "", architecture: "" } } });
  expect((await client.resolveImage(pinned, platform)).reference).toBe(pinned);
});
