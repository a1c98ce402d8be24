import { expect, test } from "vitest";
import { loadTable } from "../../../bench/load.ts";
import { median, medianTimes } from "../../../bench/statistics.ts";
import { markdownTable, missesTarget } from "../../../bench/table.ts";

test("the median is the middle, or between the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 9, 2])).toBe(3);
});

test("contenders take turns, another one begins each round, and rounds to warm up do not count", async () => {
  const order: string[] = [];
  const contender = (name: string, times: number[]) => async () => {
    order.push(name);
    return times.shift() ?? Number.NaN;
  };
  const contenders = { a: contender("a", [100, 1, 2, 3]), b: contender("b", [100, 4, 5, 6]) };
  expect(await medianTimes(contenders, { warmUp: 1, rounds: 3 })).toEqual({ a: 2, b: 5 });
  expect(order.join("")).toBe("abbaabba");
});

test("the table says which targets are met", () => {
  const rows = [
    { name: "plain", value: "1 ms" },
    { name: "good", value: "20 ms", ratio: 1.2, target: 1.25 },
    { name: "bad", value: "300 ms", ratio: 3.004, target: 3 },
  ];
  expect(rows.map(missesTarget)).toEqual([false, false, true]);
  expect(markdownTable(rows)).toMatchInlineSnapshot(`
    "|       | median or size | ratio | target      |
    | ----- | -------------: | ----: | ----------- |
    | plain |           1 ms |       |             |
    | good  |          20 ms |  1.20 | met: ≤ 1.25 |
    | bad   |         300 ms |  3.00 | missed: ≤ 3 |"
  `);
});

test("the table of builds under load says how many failed, and each reason once", () => {
  const results = {
    microb: { failed: 0, median: 1234, total: 5678, reasons: [] },
    other: { failed: 60, median: Number.NaN, total: 12_000, reasons: ["the daemon gave up"] },
  };
  expect(loadTable(results, { builds: 60, busy: 8 })).toBe(
    [
      "| frontend | failed | median | all after |",
      "| --- | ---: | ---: | ---: |",
      "| microb | 0 of 60 | 1.2 s | 5.7 s |",
      "| other | 60 of 60 | – | 12.0 s |",
      "",
      "- other: the daemon gave up",
    ].join("\n"),
  );
});
