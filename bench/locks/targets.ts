import type { Measured, Scenario } from "./measure.ts";

/** Something that was aimed at: what it is, what it came to, and the most it should be, in a unit that is written behind. */
export type Target = Readonly<{ name: string; value: number; limit: number; unit: string }>;

type Column = ReadonlyMap<Scenario, Measured>;

/**
 * What microb aims at, beside the others. Empty if one of the three was not measured. `start` is how long a cached
 * build takes that has no lock, in milliseconds.
 */
export function lockTargets(columns: ReadonlyMap<string, Column>, start: number): readonly Target[] {
  const [pip, uv, microb] = ["pip", "uv", "microb"].map((name) => columns.get(name));
  if (pip === undefined || uv === undefined || microb === undefined) return [];
  const of = (column: Column, scenario: Scenario, value: (measured: Measured) => number) => {
    const measured = column.get(scenario);
    return measured === undefined ? Number.NaN : value(measured);
  };
  const build = ({ build }: Measured) => build;
  const shipped = ({ build, ship }: Measured) => build + ship;
  const ratio = (one: Column, other: Column, scenario: Scenario, value: (measured: Measured) => number) =>
    of(one, scenario, value) / of(other, scenario, value);
  const SMALL = "small dependency changed";
  return [
    { name: "cold build, of pip's", value: ratio(microb, pip, "cold", build), limit: 0.5, unit: " times" },
    { name: "cold build, of uv's", value: ratio(microb, uv, "cold", build), limit: 1.2, unit: " times" },
    { name: "small dependency, build, of pip's", value: ratio(microb, pip, SMALL, build), limit: 0.1, unit: " times" },
    { name: "… and export and push, of pip's", value: ratio(microb, pip, SMALL, shipped), limit: 0.2, unit: " times" },
    { name: "… new bytes", value: of(microb, SMALL, ({ newBytes }) => newBytes) / 1e6, limit: 5, unit: " MB" },
    { name: "unchanged, requests", value: of(microb, "unchanged", ({ requests }) => requests), limit: 0, unit: "" },
    {
      name: "unchanged, over the start",
      value: (of(microb, "unchanged", build) - start) / 1000,
      limit: 0.2,
      unit: " s",
    },
    {
      name: "second application, of its cold build",
      value: of(microb, "second application", build) / of(microb, "second application, cold", build),
      limit: 0.5,
      unit: " times",
    },
    {
      name: "size of the image, of pip's",
      value: ratio(microb, pip, "cold", ({ size }) => size),
      limit: 1.01,
      unit: " times",
    },
    // 21 for the dependencies; the project, the user and its home.
    { name: "layers beyond the base", value: of(microb, "cold", ({ layers }) => layers), limit: 24, unit: "" },
  ];
}

/** Whether it came to more than it should. */
export function isMissed({ value, limit }: Target): boolean {
  return !(value <= limit);
}
