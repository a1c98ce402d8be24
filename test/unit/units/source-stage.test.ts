import { expect, test } from "vitest";
import { lowerPlan } from "../../../src/units/lower-plan.ts";
import { planOf } from "../../support/planning.ts";
import { ENVIRONMENT } from "./packages.ts";

const TOML = '[project]\nname = "app"\n[build-system]\nrequires = []\n';
const HASH = "0".repeat(64);

/** The steps that bring one package of the build context, as text. */
async function steps(path: string, sha256?: string): Promise<readonly string[]> {
  const { plan } = await planOf(TOML, { files: { "pylock.toml": 'lock-version = "1.0"\n' } });
  const source = { kind: "local" as const, path, ...(sha256 !== undefined && { sha256 }) };
  const complete = lowerPlan(plan, {
    packages: [{ name: "b", version: "1", source }],
    environment: ENVIRONMENT,
    runsOnBuildPlatform: true,
  });
  const stage = complete.stages.find(({ name }) => name === "source-b");
  return (stage?.steps ?? []).map((step) => {
    if (step.kind === "copy") return `${step.sources[0]} -> ${step.to}`;
    return step.kind === "run" ? `${step.network ?? "network"}: ${step.commands.at(-1)}` : step.kind;
  });
}

test("a wheel is copied, and checked if the lock has a hash of it", async () => {
  expect(await steps("wheels/b-1-py3-none-any.whl")).toEqual(["wheels/b-1-py3-none-any.whl -> /dist/"]);
  expect(await steps("wheels/b-1-py3-none-any.whl", HASH)).toEqual([
    "wheels/b-1-py3-none-any.whl -> /dist/",
    `none: { echo '${HASH}  /dist/b-1-py3-none-any.whl' | sha256sum -c - || { echo 'microb: wheels/b-1-py3-none-any.whl is not the file of the lock: its sha256 is another' >&2; exit 1; }; }`,
  ]);
});

test("an archive keeps its name, by which pip knows what it is; a directory has none", async () => {
  expect(await steps("wheels/b-1.tar.gz", HASH)).toEqual([
    "wheels/b-1.tar.gz -> /source/",
    expect.stringContaining("/source/b-1.tar.gz' | sha256sum"),
    "network: pip wheel --no-deps --wheel-dir /dist /source/b-1.tar.gz",
  ]);
  expect(await steps("libs/b", HASH)).toEqual([
    "libs/b -> /source",
    "network: pip wheel --no-deps --wheel-dir /dist /source",
  ]);
});
