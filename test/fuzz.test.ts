import { expect, test } from "vitest";
import { build } from "./fuzz/build.ts";
import { readCorpus } from "./fuzz/corpus.ts";
import { inputOf } from "./fuzz/inputs.ts";
import { fuzz } from "./fuzz/run.ts";
import { PYTHON } from "./support/install-wheels.ts";

test.each([
  ["texts", 300],
  ["wheels", 50],
] as const)("%s are taken or refused, in time and in little memory", async (subject, count) => {
  if (subject === "wheels" && PYTHON === undefined) return console.warn("SKIPPED wheels: there is no Python 3.9");
  const { findings, done } = await fuzz(subject, { first: 1, count });
  expect(findings).toEqual([]);
  expect(done).toBe(count);
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
