import { expect, test } from "vitest";
import type { Platform } from "../../../src/oci/platform.ts";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { AMD64, errorsOf, planOf } from "../../support/planning.ts";

const ARM64: Platform = { os: "linux", architecture: "arm64" };

/** A project with a lock that has these files, by name of the package. */
function locked(files: Readonly<Record<string, readonly string[]>>, requires = ">=3.10", lockRequires = requires) {
  const names = Object.keys(files);
  const toml = `[project]\nname = "app"\nversion = "1"\nrequires-python = "${requires}"\ndependencies = ${JSON.stringify(names)}\n[build-system]\nrequires = []\n`;
  const hash = `hash = "sha256:${"0".repeat(64)}"`;
  const packages = Object.entries(files).map(([name, tags]) => {
    const wheels = tags.map((tag) => `{ url = "https://x.example/${name}-1-${tag}.whl", ${hash} }`);
    return `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "https://x.example/simple" }\nsdist = { url = "https://x.example/${name}-1.tar.gz", ${hash} }\nwheels = [${wheels.join(", ")}]\n`;
  });
  const dependencies = names.map((name) => `{ name = "${name}" }`).join(", ");
  const lock = `version = 1\nrequires-python = "${lockRequires}"\n[[package]]\nname = "app"\nversion = "1"\nsource = { editable = "." }\ndependencies = [${dependencies}]\n${packages.join("")}`;
  return { toml, files: { "uv.lock": lock } };
}

async function reason(
  { toml, files }: ReturnType<typeof locked>,
  { platforms = [AMD64], keys = "" }: Readonly<{ platforms?: readonly Platform[]; keys?: string }> = {},
): Promise<string | undefined> {
  const { plan } = await planOf(`${toml}[tool.microb.target.default]\n${keys}`, { files, platforms });
  expect(plan.stages.at(-1)?.base).toMatch(
    new RegExp(`^python:${/^Python (\S+):/.exec(plan.pythonReason ?? "")?.[1]}-`),
  );
  return plan.pythonReason;
}

const wheels = (...minors: number[]): readonly string[] =>
  minors.map((minor) => `cp3${minor}-cp3${minor}-manylinux_2_17_x86_64`);
const PURE = ["py3-none-any"];

test.each<[string, ReturnType<typeof locked>, string]>([
  [
    "it has wheels for all",
    locked({ a: PURE, b: wheels(12, 13, 14) }),
    "Python 3.14: the newest that requires-python admits and that is at least a year old, with wheels for all 2 packages",
  ],
  [
    "it has wheels for the young one too",
    locked({ a: wheels(14, 15) }),
    "Python 3.14: the newest that requires-python admits and that is at least a year old, with wheels for the only package",
  ],
  [
    "older ones have more wheels",
    locked({ a: PURE, b: wheels(12, 13), c: wheels(11, 12, 13) }),
    "Python 3.13: the newest with wheels for all 3 packages (3.14 would build 2 from source)",
  ],
  [
    "one in the middle has the most",
    locked({ a: wheels(12), b: wheels(12, 13), c: [] }),
    "Python 3.12: the newest that builds the fewest packages from source, 1 of 3 (3.14 would build 3 from source)",
  ],
  [
    "none has any",
    locked({ a: [] }),
    "Python 3.14: the newest that requires-python admits and that is at least a year old, and no older one builds fewer packages from source",
  ],
  ["it is empty", locked({}), "Python 3.14: the newest that requires-python admits and that is at least a year old"],
  [
    "it is for older ones",
    locked({ a: wheels(11) }, ">=3.10", ">=3.10,<3.13"),
    "Python 3.11: the newest with wheels for the only package (3.12 would build 1 from source)",
  ],
  [
    "it is for older ones, which have wheels",
    locked({ a: PURE }, ">=3.10", ">=3.10,<3.13"),
    "Python 3.12: the lock is not for 3.14, with wheels for the only package",
  ],
  [
    "it is for releases of a minor version",
    locked({ a: PURE }, ">=3.10", ">=3.14.3"),
    "Python 3.14: the newest that requires-python admits and that is at least a year old, with wheels for the only package",
  ],
  [
    "only the young one is admitted",
    locked({ a: wheels(14) }, ">=3.15"),
    "Python 3.15: it is less than a year old, but no older version can be used",
  ],
  [
    "it is for the young one only",
    locked({ a: PURE }, ">=3.10", ">=3.15"),
    "Python 3.15: it is less than a year old, but no older version can be used, with wheels for the only package",
  ],
  [
    "bounds admit releases",
    locked({ a: PURE }, ">=3.9,<3.12.4"),
    "Python 3.12.3: the newest that requires-python admits and that is at least a year old, with wheels for the only package",
  ],
  [
    "only a first release is admitted",
    locked({ a: PURE }, "==3.12"),
    "Python 3.12.0: the newest release that requires-python admits, with wheels for the only package",
  ],
])("with a lock, when %s", async (_, project, expected) => {
  expect(await reason(project)).toBe(expected);
});

test("the platforms that are asked for, and their C library, count", async () => {
  const arm = ["cp312-cp312-manylinux_2_17_aarch64"];
  const project = locked({ a: [...wheels(12, 13, 14), ...arm] });
  expect(await reason(project)).toMatch(/^Python 3.14:/);
  expect(await reason(project, { platforms: [AMD64, ARM64] })).toBe(
    "Python 3.12: the newest with wheels for the only package (3.14 would build 1 from source)",
  );
  const musl = locked({ a: [...wheels(14), "cp313-cp313-musllinux_1_2_x86_64"] });
  expect(await reason(musl, { keys: 'flavor = "alpine"\n' })).toMatch(/^Python 3.13:/);
});

test("nothing is chosen where somebody did, and the lock is not asked", async () => {
  const { toml, files } = locked({ a: wheels(11) });
  const asked = await planOf(toml, { files: { ...files, ".python-version": "3.14\n" } });
  expect(asked.plan.pythonReason).toBeUndefined();
  expect(asked.plan.stages.at(-1)?.base).toBe("python:3.14-slim");
});

test("without a lock it is the newest that is settled", async () => {
  const { plan } = await planOf('[project]\nname = "x"\n[build-system]\nrequires = []\n');
  expect(plan.pythonReason).toBe("Python 3.14: the newest that is at least a year old");
});

test("both readings say why, once", async () => {
  for (const flavor of ["debian", "alpine"]) {
    const toml = `[project]\nname = "x"\n[build-system]\nrequires = []\n[tool.microb.target.default]\nflavor = "${flavor}"\n`;
    const { plan } = await planOf(toml);
    expect(dockerfileOf(plan).match(/^# Python 3\.14: .*\nFROM python:3\.14\S* AS builder$/gm)).toHaveLength(1);
    expect(dockerfileOf(plan).match(/Python 3\.14:/g)).toHaveLength(1);
    const names = Object.values(llbOf(plan).definition.metadata).map(
      ({ description }) => description?.["llb.customname"] ?? "",
    );
    expect(names.filter((name) => name.includes("Python 3.14: the newest"))).toHaveLength(1);
  }
});

test("a lock that is for no Python is refused with its own words", async () => {
  const { toml, files } = locked({ a: PURE }, ">=3.10");
  const broken = files["uv.lock"].replace("version = 1", "version = 9");
  expect((await planOf(toml, { files: { "uv.lock": broken } })).plan.pythonReason).toMatch(/^Python 3.14:/);
  expect(await errorsOf(toml, { files: { "uv.lock": "version = \n" } })).toContain("uv.lock:1");
});
