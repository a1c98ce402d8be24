import type { Platform } from "../oci/platform.ts";
import type { TargetEnvironment } from "./target-environment.ts";

const MACHINES: Readonly<Record<string, string>> = {
  amd64: "x86_64",
  arm64: "aarch64",
  "386": "i686",
  "arm/v7": "armv7l",
  "arm/v6": "armv6l",
  loong64: "loongarch64",
};

/** The machine of a platform, as `uname -m` prints it and the tags of wheels name it. */
export function machineOf({ architecture, variant }: Platform): string {
  return (
    MACHINES[variant === undefined ? architecture : `${architecture}/${variant}`] ??
    MACHINES[architecture] ??
    architecture
  );
}

/** The variables of markers (PEP 508) for CPython on Linux. Those of the kernel are not known. */
export function markerVariables({ platform, pythonVersion }: TargetEnvironment): ReadonlyMap<string, string> {
  const [major = "3", minor = "0"] = pythonVersion.split(".");
  return new Map([
    ["os_name", "posix"],
    ["sys_platform", "linux"],
    ["platform_system", "Linux"],
    ["implementation_name", "cpython"],
    ["platform_python_implementation", "CPython"],
    ["platform_machine", machineOf(platform)],
    ["python_version", `${major}.${minor.replace(/\D.*$/, "")}`],
    ["python_full_version", pythonVersion],
    ["implementation_version", pythonVersion],
  ]);
}
