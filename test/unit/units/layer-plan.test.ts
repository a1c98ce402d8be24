import fc from "fast-check";
import { expect, test } from "vitest";
import type { LockedPackage } from "../../../src/lock/locked-package.ts";
import { BUCKETS, bucketOf, LARGE, type LayerGroup, MOST_OWN, planLayers } from "../../../src/units/layer-plan.ts";
import { wheel } from "./packages.ts";

const packages = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
    size: fc.option(fc.integer({ min: 1, max: 20_000_000 }), { nil: undefined }),
  }),
  { selector: ({ name }) => name, maxLength: 80 },
);

function plan(sizes: readonly Readonly<{ name: string; size: number | undefined }>[]) {
  return planLayers(sizes.map(({ name, size }) => wheel(name, size)));
}

function members(group: LayerGroup): readonly LockedPackage[] {
  return group.kind === "own" ? [group.package] : group.packages;
}

test("every package is in one layer, and there are at most 20", () => {
  fc.assert(
    fc.property(packages, (sizes) => {
      const groups = plan(sizes);
      const names = groups.flatMap(members).map(({ name }) => name);
      expect([...names].sort()).toEqual(sizes.map(({ name }) => name).sort());
      expect(groups.filter(({ kind }) => kind === "own").length).toBeLessThanOrEqual(MOST_OWN);
      expect(groups.length).toBeLessThanOrEqual(MOST_OWN + BUCKETS);
    }),
  );
});

test("the order of the lock does not matter", () => {
  fc.assert(
    fc.property(
      packages.chain((sizes) => fc.tuple(fc.constant(sizes), fc.shuffledSubarray(sizes, { minLength: sizes.length }))),
      ([sizes, other]) => {
        expect(plan(other)).toEqual(plan(sizes));
      },
    ),
  );
});

test("another small package changes its own bucket only", () => {
  fc.assert(
    fc.property(packages, fc.stringMatching(/^new-[a-z]{1,8}$/), (sizes, name) => {
      const before = new Map(plan(sizes).map((group) => [keyOf(group), group]));
      const changed = plan([...sizes, { name, size: 1000 }]).filter((group) => !same(before.get(keyOf(group)), group));
      expect(changed.map(keyOf)).toEqual([`bucket ${bucketOf(name)}`]);
    }),
  );
});

test("large wheels are alone, the largest first; an unknown size is small", () => {
  const sizes = Array.from({ length: 14 }, (_, index) => ({ name: `big-${index}`, size: LARGE + index }));
  const groups = plan([...sizes, { name: "edge", size: LARGE - 1 }, { name: "unknown", size: undefined }]);
  const own = groups.flatMap((group) => (group.kind === "own" ? [group.package.name] : []));
  expect(own).toEqual(Array.from({ length: 12 }, (_, index) => `big-${13 - index}`));
  const small = groups.flatMap((group) => (group.kind === "bucket" ? members(group) : []));
  expect(small.map(({ name }) => name).sort()).toEqual(["big-0", "big-1", "edge", "unknown"]);
});

test("what has to be built first is small", () => {
  const source = { kind: "git", url: "https://example.org/x.git", commit: "a".repeat(40) } as const;
  expect(planLayers([{ name: "x", source }])).toEqual([
    { kind: "bucket", number: bucketOf("x"), packages: [{ name: "x", source }] },
  ]);
});

test("buckets never move: images of earlier releases share their layers", () => {
  expect(["attrs", "idna", "numpy", "requests", "six"].map(bucketOf)).toMatchInlineSnapshot(`
    [
      5,
      3,
      7,
      5,
      2,
    ]
  `);
});

function keyOf(group: LayerGroup): string {
  return group.kind === "own" ? `own ${group.package.name}` : `bucket ${group.number}`;
}

function same(one: LayerGroup | undefined, other: LayerGroup): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
