/** A minor version of Python 3: the day of its first release, and its newest patch when this microb was released. */
export type PythonMinor = Readonly<{ minor: number; released: string; patch: number }>;

/** The day of this release of microb. A constant: the same input gives the same bytes on any day. */
const MICROB_RELEASED = "2026-11-28";

/**
 * The minor versions that have had official images, the newest first (python/peps `release-cycle.json` for the days,
 * python-build-standalone and the release schedules for the patches).
 */
export const PYTHON_MINORS: readonly PythonMinor[] = [
  { minor: 15, released: "2026-10-01", patch: 2 },
  { minor: 14, released: "2025-10-07", patch: 10 },
  { minor: 13, released: "2024-10-07", patch: 18 },
  { minor: 12, released: "2023-10-02", patch: 16 },
  { minor: 11, released: "2022-10-24", patch: 18 },
  { minor: 10, released: "2021-10-04", patch: 22 },
  { minor: 9, released: "2020-10-05", patch: 25 },
  { minor: 8, released: "2019-10-14", patch: 20 },
  { minor: 7, released: "2018-06-27", patch: 17 },
  { minor: 6, released: "2016-12-23", patch: 15 },
  { minor: 5, released: "2015-09-13", patch: 10 },
  { minor: 4, released: "2014-03-16", patch: 10 },
  { minor: 3, released: "2012-09-29", patch: 7 },
];

/** Whether a minor version was at least a year old when this microb was released: most packages have wheels for it. */
export function isSettled({ released }: PythonMinor): boolean {
  const aYearLater = `${Number(released.slice(0, 4)) + 1}${released.slice(4)}`;
  return aYearLater <= MICROB_RELEASED;
}

/** The release that a tag of an official image stands for, as far as this microb knows: `3.13` is `3.13.18`. */
export function newestRelease(tag: string): string {
  const [major = "3", minor, patch] = tag.split(".");
  if (patch !== undefined) return tag;
  const known = minor === undefined ? PYTHON_MINORS[0] : PYTHON_MINORS.find((one) => `${one.minor}` === minor);
  return `${major}.${known?.minor ?? minor}.${known?.patch ?? 0}`;
}
