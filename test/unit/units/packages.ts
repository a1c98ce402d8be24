import { createHash } from "node:crypto";
import type { LockedPackage } from "../../../src/lock/locked-package.ts";
import type { TargetEnvironment } from "../../../src/lock/target-environment.ts";

/** A wheel of the public index, as a lock names it. */
export function wheel(name: string, size?: number, version = "1.0"): LockedPackage {
  const filename = `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
  const sha256 = createHash("sha256").update(filename).digest("hex");
  const url = `https://files.pythonhosted.org/packages/${sha256.slice(0, 2)}/${filename}`;
  return { name, version, source: { kind: "wheel", url, filename, sha256, ...(size !== undefined && { size }) } };
}

/** What most images are. */
export const ENVIRONMENT: TargetEnvironment = {
  platform: { os: "linux", architecture: "amd64" },
  pythonVersion: "3.13.5",
  libc: { kind: "glibc", version: "2.41" },
};
