import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveBases } from "../src/emit/base-images.ts";
import { emitDockerfile } from "../src/emit/dockerfile.ts";
import { emitLlb } from "../src/emit/llb.ts";
import { dump } from "../src/llb/dump.ts";
import { local } from "../src/llb/local.ts";
import { EXAMPLES, type Example, type ExampleImage, planExample } from "./support/examples.ts";
import { FIXED_RESOLVER } from "./support/fixed-resolver.ts";

const GOLDEN = join(import.meta.dirname, "golden");

// The plan of every example and its readings, as files. After a change on purpose: npm run test:update, and read the diff.
describe.each(
  EXAMPLES.flatMap((example) => example.images.map((image) => ({ example, image }))),
)("$example.name $image.name", ({ example, image }) => {
  const golden = (file: string): string => join(GOLDEN, example.name, image.name ?? "", file);

  test("plan and readings", async () => {
    const { plan, dockerfile, llb, config } = await readings(example, image);
    await expect(`${JSON.stringify(plan, withoutScripts, 2)}\n`).toMatchFileSnapshot(golden("plan.json"));
    await expect(dockerfile).toMatchFileSnapshot(golden("Dockerfile"));
    await expect(withoutFiles(llb)).toMatchFileSnapshot(golden("llb.txt"));
    await expect(`${JSON.stringify(config, null, 2)}\n`).toMatchFileSnapshot(golden("image.json"));
  });

  test("are the same every time", async () => {
    expect(await readings(example, image)).toEqual(await readings(example, image));
  });
});

/** Our own programs are in both readings: once is enough. */
function withoutScripts(key: string, value: unknown): unknown {
  return key === "text" && typeof value === "string" && value.includes("\n") ? `${value.split("\n", 1)} …` : value;
}

/** Steps that install have the same two files everywhere, which have tests of their own. */
function withoutFiles(llb: string): string {
  return llb.replace(/^( {2}mkfile \/(?:explain\.py|native-packages\.json) .*\n)(?: {2}\|.*\n)+/gm, "$1  | …\n");
}

async function readings(example: Example, image: ExampleImage) {
  const { plan, project } = await planExample(example, image);
  const { source } = project;
  const platform = { os: "linux", architecture: "amd64" };
  const bases = await resolveBases(plan, FIXED_RESOLVER, platform);
  const { definition, config } = emitLlb(plan, {
    platform,
    source,
    bases,
    build: { platform, bases },
    canMerge: true,
    buildFile: { root: local({ local: "dockerfile", sessionId: "session" }), path: "pyproject.toml" },
    context: local({ local: "context", sessionId: "session", excludePatterns: plan.exclude }),
    originOf: () => undefined,
    network: "sandbox",
    extraHosts: [],
    resolveMode: "default",
    ignoresCache: () => false,
  });
  return { plan, dockerfile: emitDockerfile(plan, source), llb: dump(definition), config, bytes: definition.def };
}

test("there is no golden without its example", () => {
  const made = readdirSync(GOLDEN, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("plan.json"));
  const expected = EXAMPLES.flatMap(({ name, images }) =>
    images.map((image) => join(name, image.name ?? "", "plan.json")),
  );
  expect(made.sort()).toEqual(expected.sort());
});
