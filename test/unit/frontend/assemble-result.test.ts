import { expect, test } from "vitest";
import { assembleResult } from "../../../src/frontend/assemble-result.ts";
import type { Reference } from "../../../src/gateway/reference.ts";

const reference = { id: "ref" } as unknown as Reference;
const platform = { os: "linux", architecture: "arm", variant: "v7" };

test("labels of the command line beat the image's, and all are sorted", () => {
  const config = { os: "linux", architecture: "arm", config: { User: "1", Labels: { b: "own", a: "own" } } };
  const labels = new Map([
    ["b", "given"],
    ["__proto__", "given"],
  ]);
  const { refs, metadata } = assembleResult([{ reference, config, platform }], { multiPlatform: false, labels });
  expect(refs).toBe(reference);
  expect(metadata).toEqual({
    "containerimage.config":
      '{"os":"linux","architecture":"arm","config":{"User":"1","Labels":{"__proto__":"given","a":"own","b":"given"}}}',
    "refs.platforms":
      '{"Platforms":[{"ID":"linux/arm/v7","Platform":{"os":"linux","architecture":"arm","variant":"v7"}}]}',
  });
});

test("an image without settings can be given labels", () => {
  const config = { os: "linux", architecture: "arm" };
  const { metadata } = assembleResult([{ reference, config, platform }], {
    multiPlatform: false,
    labels: new Map([["a", "b"]]),
  });
  expect(JSON.parse(String(metadata?.["containerimage.config"]))).toMatchObject({ config: { Labels: { a: "b" } } });
});

test("several platforms are several images, in the order in which they were asked for", () => {
  const builds = ["s390x", "amd64"].map((architecture) => ({
    reference: { id: architecture } as unknown as Reference,
    config: { os: "linux", architecture },
    baseConfig: { os: "linux", architecture, created: "then" },
    platform: { os: "linux", architecture },
  }));
  const { refs, metadata } = assembleResult(builds, { multiPlatform: true, labels: new Map(), epoch: 1 });
  expect([...(refs as ReadonlyMap<string, Reference>)].map(([id, ref]) => [id, ref.id])).toEqual([
    ["linux/s390x", "s390x"],
    ["linux/amd64", "amd64"],
  ]);
  expect(Object.keys(metadata)).toEqual([
    "containerimage.config/linux/s390x",
    "containerimage.base.config/linux/s390x",
    "source.date.epoch/linux/s390x",
    "containerimage.config/linux/amd64",
    "containerimage.base.config/linux/amd64",
    "source.date.epoch/linux/amd64",
    "refs.platforms",
  ]);
  expect(JSON.parse(String(metadata["refs.platforms"])).Platforms.map(({ ID }: { ID: string }) => ID)).toEqual([
    "linux/s390x",
    "linux/amd64",
  ]);
});
