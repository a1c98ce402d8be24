import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { compareWithPip, defects } from "../support/compare-with-pip.ts";
import { dockerOf } from "../support/docker.ts";

/** What the index of the test engines serves: `test/engine/packages.txt` and all that they depend on. */
const WHEELS = join(process.env["MICROB_ENGINE_CACHE"] ?? "/var/cache/microb-engine", "wheels");

const [engine] = inject("engines").filter(({ name }) => name === "classic");

describe.skipIf(engine === undefined)("an environment made without pip", () => {
  test.each(["3.11", "3.13", "3.15"])("is the one that pip makes, with Python %s", async (version) => {
    if (engine === undefined) return;
    const comparison = await compareWithPip(dockerOf(engine), `python:${version}-slim`, join(WHEELS, version));
    expect(comparison.wheels).toBeGreaterThan(30);
    expect(comparison.files).toBeGreaterThan(2000);
    expect(defects(comparison)).toEqual([]);
    const environment = "/home/nonroot/.local";
    expect(comparison.where).toBe(
      `${environment} ${environment}/bin/python ${environment}/lib/python${version}/site-packages`,
    );
  });
});
