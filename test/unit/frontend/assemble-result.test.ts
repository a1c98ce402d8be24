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
  const { refs, metadata } = assembleResult({ reference, config, platform, labels });
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
  const { metadata } = assembleResult({ reference, config, platform, labels: new Map([["a", "b"]]) });
  expect(JSON.parse(String(metadata?.["containerimage.config"]))).toMatchObject({ config: { Labels: { a: "b" } } });
});
