import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import type { TargetEnvironment } from "../../src/lock/target-environment.ts";
import { compareWithPip, defects } from "../support/compare-with-pip.ts";
import { type CorpusWheel, corpusWheels } from "../support/corpus-wheels.ts";
import { dockerOf } from "../support/docker.ts";
import { PYTHON } from "../support/install-wheels.ts";
import { platformOf } from "../support/machine-platform.ts";

const CORPUS = process.env["MICROB_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus");
const COUNT = Number(process.env["MICROB_WHEELS"] ?? 500);
/** Some are for other versions of Python alone, which their names do not say. */
const SPARE = 10;
const WHEELS = join(process.env["MICROB_ENGINE_CACHE"] ?? "/var/cache/microb-engine", "corpus-wheels");

const ENVIRONMENT: TargetEnvironment = {
  platform: platformOf("x86_64"),
  pythonVersion: "3.13.1",
  libc: { kind: "glibc", version: "2.36" },
};

const [engine] = inject("engines").filter(({ name }) => name === "classic");

describe.skipIf(engine === undefined || PYTHON === undefined || !existsSync(CORPUS))("wheels of real locks", () => {
  test(`${COUNT} of them are installed as pip installs them`, { timeout: 3_600_000 }, async () => {
    if (engine === undefined) return;
    const wheels = corpusWheels(CORPUS, ENVIRONMENT, COUNT + SPARE);
    download(wheels);
    const comparison = await compareWithPip(dockerOf(engine), "python:3.13-slim", WHEELS);
    const { files, warnings, refused } = comparison;
    console.info(
      `${comparison.wheels} wheels with ${files} files; told: ${warnings.length}, refused: ${JSON.stringify(refused)}`,
    );
    expect(comparison.wheels).toBeGreaterThanOrEqual(COUNT);
    expect(defects(comparison)).toEqual([]);
    expect(warnings).toEqual([]);
    expect(refused).toEqual({});
  });
});

/** Lets pip fetch what is not there yet, many at once; and says which ones it does not find. */
function download(wheels: readonly CorpusWheel[]): void {
  mkdirSync(WHEELS, { recursive: true });
  const wanted = new Set(wheels.map(({ filename }) => filename));
  for (const other of readdirSync(WHEELS).filter((name) => !wanted.has(name))) rmSync(join(WHEELS, other));
  const missing = wheels.filter(({ filename }) => !existsSync(join(WHEELS, filename)));
  for (let at = 0; at < missing.length; at += 20) {
    const some = missing.slice(at, at + 20);
    if (!fetchWheels(some))
      for (const one of some) if (!fetchWheels([one])) console.warn(`pip does not find ${one.filename}`);
  }
}

function fetchWheels(wheels: readonly CorpusWheel[]): boolean {
  const platforms = Array.from({ length: 32 }, (_, minor) => ["--platform", `manylinux_2_${36 - minor}_x86_64`]).flat();
  const older = ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"];
  const target = [
    "--python-version",
    "3.13",
    "--implementation",
    "cp",
    "--abi",
    "cp313",
    "--abi",
    "abi3",
    "--abi",
    "none",
  ];
  const args = ["-m", "pip", "-q", "download", "--no-deps", "--only-binary", ":all:", "-d", WHEELS, ...target];
  const names = wheels.map(({ name, version }) => `${name}==${version}`);
  const all = [...args, ...platforms, ...older.flatMap((platform) => ["--platform", platform]), ...names];
  return spawnSync(PYTHON ?? "", all, { stdio: "ignore" }).status === 0;
}
