import { expect, test } from "vitest";
import { parseCommandLine } from "../../../src/command/command-line.ts";
import { USAGE } from "../../../src/command/usage.ts";

test("every option of the usage is one", () => {
  const options = [...USAGE.matchAll(/^ {2}(--?[a-z-]+)( [A-Z=]+)?/gm)];
  expect(options.length).toBeGreaterThan(5);
  for (const [, option = "", value] of options) {
    expect(() => parseCommandLine(value === undefined ? [option] : [option, "A=b"])).not.toThrow();
  }
});
