import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { compareWithPip, defects } from "../support/compare-with-pip.ts";
import { dockerOf, output } from "../support/docker.ts";

/** Large and small, with machine code, data files, headers, scripts that are programs, scripts in Python, namespaces. */
const PROJECTS = [
  ...["numpy", "cryptography", "pydantic-core", "flask", "setuptools", "jupyterlab-widgets", "greenlet", "ruff"],
  ...["docutils", "pip", "google-api-core", "googleapis-common-protos", "protobuf", "babel", "pygments", "jmespath"],
];

const [engine] = inject("engines").filter(({ name }) => name === "classic");

describe.skipIf(engine === undefined)("wheels of the public index", () => {
  test("are installed as pip installs them", async () => {
    if (engine === undefined) return;
    const docker = dockerOf(engine);
    const wheels = join(process.env["MICROB_ENGINE_CACHE"] ?? "/var/cache/microb-engine", "live-wheels");
    mkdirSync(wheels, { recursive: true });
    const download = ["pip", "-q", "download", "--no-deps", "--only-binary", ":all:", "-d", "/wheels", ...PROJECTS];
    const settings = ["-e", "PIP_CONFIG_FILE=/dev/null", "-e", "PIP_FIND_LINKS=/wheels"];
    const base = "python:3.13-slim";
    await output(docker, [
      "run",
      "--rm",
      "--network",
      "host",
      "-v",
      `${wheels}:/wheels`,
      ...settings,
      base,
      ...download,
    ]);
    const comparison = await compareWithPip(docker, base, wheels);
    expect(comparison.wheels).toBeGreaterThanOrEqual(PROJECTS.length);
    expect(defects(comparison)).toEqual([]);
  });
});
