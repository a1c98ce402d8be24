import { machineOf } from "./marker-variables.ts";
import type { TargetEnvironment } from "./target-environment.ts";

/** The rank of each tag that an interpreter takes, from 0 for the best. */
export function tagRanks(environment: TargetEnvironment): ReadonlyMap<string, number> {
  return new Map(wheelTags(environment).map((tag, rank) => [tag, rank]));
}

/**
 * The tags of wheels that an interpreter takes, best first (PEP 425, 600, 656), in the order of PyPA's `packaging`
 * (`packaging/tags.py`, `_manylinux.py`, `_musllinux.py`).
 */
export function wheelTags(environment: TargetEnvironment): readonly string[] {
  const [, digits = "0"] = /^3\.(\d+)/.exec(environment.pythonVersion) ?? [];
  const minor = Number(digits);
  const platforms = platformTags(environment);
  const interpreter = `cp3${minor}`;
  const generic = [`py3${minor}`, "py3", ...below(minor).map((one) => `py3${one}`)];
  return [
    ...platforms.map((platform) => `${interpreter}-${interpreter}-${platform}`),
    ...platforms.map((platform) => `${interpreter}-abi3-${platform}`),
    ...platforms.map((platform) => `${interpreter}-none-${platform}`),
    ...below(minor)
      .filter((one) => one >= 2)
      .flatMap((one) => platforms.map((platform) => `cp3${one}-abi3-${platform}`)),
    ...generic.flatMap((python) => platforms.map((platform) => `${python}-none-${platform}`)),
    `${interpreter}-none-any`,
    ...generic.map((python) => `${python}-none-any`),
  ];
}

function below(minor: number): readonly number[] {
  return Array.from({ length: minor }, (_, index) => minor - 1 - index);
}

/** Older names of some levels, which count right after the level. */
const ALIASES: Readonly<Record<number, string>> = { 17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1" };
const MANYLINUX = new Set(["x86_64", "i686", "aarch64", "armv7l", "ppc64le", "s390x", "riscv64", "loongarch64"]);

function platformTags({ platform, libc }: TargetEnvironment): readonly string[] {
  const machine = machineOf(platform);
  const [major = 0, level = 0] = libc.version.split(".").map(Number);
  const plain = `linux_${machine}`;
  if (libc.kind === "musl") {
    return [plain, ...levels(level, 0).map((one) => `musllinux_${major}_${one}_${machine}`)];
  }
  if (!MANYLINUX.has(machine)) return [plain];
  const oldest = machine === "x86_64" || machine === "i686" ? 5 : 17;
  const tags = levels(level, oldest).flatMap((one) => {
    const alias = ALIASES[one];
    return [`manylinux_${major}_${one}_${machine}`, ...(alias === undefined ? [] : [`${alias}_${machine}`])];
  });
  return [plain, ...tags];
}

function levels(newest: number, oldest: number): readonly number[] {
  return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => newest - index);
}
