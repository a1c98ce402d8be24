import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../src/command/command-line.ts";
import { parseProject } from "../src/config/py-project.ts";
import { selectTarget } from "../src/config/target.ts";
import { sourceText } from "../src/diagnostic/source-text.ts";
import { resolveBases } from "../src/emit/base-images.ts";
import { emitDockerfile } from "../src/emit/dockerfile.ts";
import { emitLlb } from "../src/emit/llb.ts";
import { collectFacts } from "../src/facts/collect-facts.ts";
import { localReader } from "../src/facts/local-reader.ts";
import { dump } from "../src/llb/dump.ts";
import { local } from "../src/llb/local.ts";
import { planImage } from "../src/plan/plan-image.ts";
import { EXAMPLES, type Example, type ExampleImage } from "./support/examples.ts";
import { FIXED_RESOLVER } from "./support/fixed-resolver.ts";

// The plan of every example and its readings, as files. After a change on purpose: npm run test:update, and read the diff.
describe.each(
  EXAMPLES.flatMap((example) => example.images.map((image) => ({ example, image }))),
)("$example.name $image.name", ({ example, image }) => {
  const golden = (file: string): string =>
    join(
      import.meta.dirname,
      "golden",
      example.name,
      ...(image.build ?? []).filter((word) => !word.startsWith("-")),
      file,
    );

  test("plan and readings", async () => {
    const { plan, dockerfile, llb, config } = await readings(example, image);
    await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(golden("plan.json"));
    await expect(dockerfile).toMatchFileSnapshot(golden("Dockerfile"));
    await expect(llb).toMatchFileSnapshot(golden("llb.txt"));
    await expect(`${JSON.stringify(config, null, 2)}\n`).toMatchFileSnapshot(golden("image.json"));
  });

  test("are the same every time", async () => {
    expect(await readings(example, image)).toEqual(await readings(example, image));
  });
});

async function readings({ directory }: Example, { build = [] }: ExampleImage) {
  const { target: name, buildArgs } = parseCommandLine(build);
  const source = sourceText("pyproject.toml", readFileSync(join(directory, "pyproject.toml"), "utf8"));
  const project = parseProject(source);
  const target = selectTarget(project, name);
  const facts = await collectFacts(localReader(directory), project, target);
  const { plan } = planImage({ project, target, facts, variables: buildArgs });
  const platform = { os: "linux", architecture: "amd64" };
  const { definition, config } = emitLlb(plan, {
    platform,
    source,
    bases: await resolveBases(plan, FIXED_RESOLVER, platform),
    context: local({ local: "context", sessionId: "session", excludePatterns: plan.exclude }),
    network: "sandbox",
    extraHosts: [],
    resolveMode: "default",
    ignoresCache: () => false,
  });
  return { plan, dockerfile: emitDockerfile(plan, source), llb: dump(definition), config, bytes: definition.def };
}
