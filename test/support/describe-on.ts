import { describe, inject, test } from "vitest";
import type { Engine } from "../engine/engines.ts";

/** Groups tests of one engine under a title that names it. Where it is not up, a skipped test says so instead. */
export function describeOn(name: Engine["name"], title: string, tests: (engine: Engine) => void): void {
  const engine = inject("engines").find((one) => one.name === name);
  describe(`${title} on ${name}`, () => {
    if (engine === undefined) test.skip(`${name} is not up`, () => {});
    else tests(engine);
  });
}
