import { expect, test } from "vitest";
import { build } from "./fuzz/build.ts";
import { readCorpus } from "./fuzz/corpus.ts";
import { inputOf } from "./fuzz/inputs.ts";
import { fuzz } from "./fuzz/run.ts";

test("inputs of all kinds are images or errors, in time and in little memory", async () => {
  const { findings, done } = await fuzz(1, 500);
  expect(findings).toEqual([]);
  expect(done).toBe(500);
});

test("a seed is an input, and each kind has images and errors", async () => {
  const corpus = readCorpus();
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 200; seed++) {
    const { kind, input } = inputOf(seed, corpus);
    expect(inputOf(seed, corpus)).toEqual({ kind, input });
    kinds.add(`${kind} ${/^(?:.*: )?error: |^\S+ errors:/.test(await build(input)) ? "error" : "image"}`);
  }
  expect([...kinds].sort()).toEqual([
    ...["lock error", "lock image", "requirement error", "requirement image", "toml error", "toml image"],
  ]);
});
