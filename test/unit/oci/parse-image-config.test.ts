import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveBases } from "../../../src/emit/base-images.ts";
import type { ImageConfig } from "../../../src/oci/image-config.ts";
import { ImageConfigError } from "../../../src/oci/image-config.ts";
import { parseImageConfig } from "../../../src/oci/parse-image-config.ts";
import { libcOfHistory, pythonVersionOf } from "../../../src/units/base-facts.ts";
import { llbOf } from "../../support/emitting.ts";
import { planOf } from "../../support/planning.ts";

const GOOD = { os: "linux", architecture: "amd64", config: { Env: ["A=1"] }, history: [{ created_by: "x" }] };
const withConfig = (config: unknown): string => JSON.stringify({ ...GOOD, config });

describe("a configuration that is broken is told with its key", () => {
  test.each([
    ["not JSON", "{", "it is not JSON"],
    ["nothing", "", "it is not JSON"],
    ["null", "null", "the whole must be an object"],
    ["a list", "[]", "the whole must be an object"],
    ["a text for os", JSON.stringify({ ...GOOD, os: 1 }), "os must be a text"],
    ["Env a text", withConfig({ Env: "A=1" }), "config.Env must be a list"],
    ["Env of numbers", withConfig({ Env: ["A=1", 2] }), "config.Env[1] must be a text"],
    ["Entrypoint a number", withConfig({ Entrypoint: 1 }), "config.Entrypoint must be a list"],
    ["Cmd a text", withConfig({ Cmd: "sh" }), "config.Cmd must be a list"],
    ["Labels a list", withConfig({ Labels: ["a"] }), "config.Labels must be an object"],
    ["Labels of numbers", withConfig({ Labels: { a: 1 } }), "config.Labels.a must be a text"],
    ["ExposedPorts a list", withConfig({ ExposedPorts: ["80"] }), "config.ExposedPorts must be an object"],
    ["User a number", withConfig({ User: 0 }), "config.User must be a text"],
    ["WorkingDir a list", withConfig({ WorkingDir: [] }), "config.WorkingDir must be a text"],
    ["OnBuild a text", withConfig({ OnBuild: "RUN x" }), "config.OnBuild must be a list"],
    ["config a text", withConfig("x"), "config must be an object"],
    ["history an object", JSON.stringify({ ...GOOD, history: {} }), "history must be a list"],
    ["rootfs a text", JSON.stringify({ ...GOOD, rootfs: "x" }), "rootfs must be an object"],
  ])("%s", (_, json, message) => {
    expect(() => parseImageConfig(json)).toThrow(new ImageConfigError(`its configuration is broken: ${message}`));
  });
});

test.each([
  ["what Go writes for nothing", { config: { Env: null, Labels: null, User: null }, history: null, rootfs: null }],
  ["no config", { ...GOOD, config: null }],
  ["nothing", {}],
  ["keys of others", { ...GOOD, "moby.buildkit.buildinfo.v1": "x", config: { Healthcheck: { Test: ["NONE"] } } }],
])("%s is as it is", (_, config) => {
  expect(parseImageConfig(JSON.stringify(config))).toEqual(config);
});

test("an image with any configuration that is read can be built on", async () => {
  const { plan } = await planOf('[project]\nname = "x"\n[tool.microb.target.default]\ncommand = ["x"]\n');
  const value = fc.oneof(
    ...[fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.array(fc.string(), { maxLength: 2 })],
    fc.dictionary(fc.constantFrom("created_by", "a"), fc.string(), { maxKeys: 2 }),
    fc.array(fc.record({ created_by: fc.option(fc.string()) }), { maxLength: 2 }),
  );
  const keys = ["User", "Env", "Entrypoint", "Cmd", "WorkingDir", "Labels", "OnBuild", "ExposedPorts", "ArgsEscaped"];
  const inner = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 });
  const outer = fc.record(
    { os: value, architecture: value, variant: value, history: value, rootfs: value, config: fc.oneof(value, inner) },
    { requiredKeys: [] },
  );
  let built = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        outer,
        inner.map((config) => ({ config })),
      ),
      async (config) => {
        let parsed: ImageConfig;
        try {
          parsed = parseImageConfig(JSON.stringify(config));
        } catch (error) {
          expect(error).toBeInstanceOf(ImageConfigError);
          return;
        }
        const platform = { os: "linux", architecture: "amd64" };
        const resolver = { resolveImage: async (reference: string) => ({ reference, config: parsed }) };
        llbOf(plan, { bases: await resolveBases(plan, resolver, platform) });
        libcOfHistory(parsed);
        pythonVersionOf(parsed);
        built++;
      },
    ),
    { numRuns: 300 },
  );
  expect(built).toBeGreaterThan(20);
});
