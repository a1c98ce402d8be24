import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { normalizeName } from "../../src/config/normalize-name.ts";
import { chooseWheel } from "../../src/lock/choose-wheel.ts";
import { tablesOf, textOf } from "../../src/lock/raw-table.ts";
import type { TargetEnvironment } from "../../src/lock/target-environment.ts";
import { tagRanks } from "../../src/lock/wheel-tags.ts";

/** A wheel of a package index that a lock names. */
export type CorpusWheel = Readonly<{ name: string; version: string; filename: string; size: number }>;

/**
 * Wheels of the locks of real projects, one of each project, that an environment can have: the smallest of those for any
 * machine, and of those with machine code, which are a fifth.
 */
export function corpusWheels(corpus: string, environment: TargetEnvironment, count: number): readonly CorpusWheel[] {
  const ranks = tagRanks(environment);
  const locks = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(^|\/)uv\.lock$/.test(path),
  );
  const found = new Map<string, CorpusWheel>();
  for (const path of locks.sort()) {
    for (const one of tablesOf(parse(readFileSync(join(corpus, path), "utf8"))["package"])) {
      const wheel = chooseWheel(tablesOf(one["wheels"]).flatMap(wheelOf), ranks);
      const [name, version] = [textOf(one["name"]), textOf(one["version"])];
      if (wheel === undefined || name === undefined || version === undefined) continue;
      found.set(normalizeName(name), { name: normalizeName(name), version, ...wheel });
    }
  }
  const bySize = [...found.values()].sort((one, other) => one.size - other.size || (one.name < other.name ? -1 : 1));
  const isPure = ({ filename }: CorpusWheel): boolean => filename.endsWith("-any.whl");
  const platform = bySize.filter((wheel) => !isPure(wheel)).slice(0, Math.floor(count / 5));
  return [...platform, ...bySize.filter(isPure).slice(0, count - platform.length)];
}

function wheelOf(table: Readonly<Record<string, unknown>>): readonly Readonly<{ filename: string; size: number }>[] {
  const { url, size } = table;
  if (typeof url !== "string" || !/^https:.*\/packages\//.test(url)) return [];
  return [{ filename: decodeURIComponent(url.slice(url.lastIndexOf("/") + 1)), size: Number(size ?? 0) }];
}
