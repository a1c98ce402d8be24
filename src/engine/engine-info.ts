import { normalizePlatform, type Platform } from "../oci/platform.ts";
import type { DockerEngine, PingAnswer } from "./docker-engine.ts";

/** What an engine is and can do. */
export type EngineInfo = Readonly<{
  version: string;
  apiVersion: string;
  /** Whether it builds with BuildKit when the client asks it to. */
  buildkit: boolean;
  /** `containerd` keeps images as they were packed; `classic` keeps the unpacked layers only. */
  imageStore: "classic" | "containerd";
  platform: Platform;
  rootless: boolean;
}>;

/**
 * Asks an engine what it is.
 * @throws EngineError when it does not answer.
 */
export async function engineInfo({ api, ping }: DockerEngine): Promise<EngineInfo> {
  const [version, info] = await Promise.all([api.version(), api.info()]);
  const drivers = (info.DriverStatus ?? []).filter(([key]) => key === "driver-type");
  return {
    version: version.Version,
    apiVersion: ping.apiVersion,
    buildkit: canUseBuildkit(ping),
    imageStore: drivers.some(([, type]) => type === "io.containerd.snapshotter.v1") ? "containerd" : "classic",
    platform: normalizePlatform({ os: version.Os, architecture: version.Arch }),
    rootless: (info.SecurityOptions ?? []).some((option) => option.split(",").includes("name=rootless")),
  };
}

/**
 * Since Docker 18.09 (API 1.39) an engine on Linux builds with BuildKit for every client that asks. The builder that it
 * recommends does not matter: before Docker 23 it is empty unless the daemon was configured.
 */
function canUseBuildkit({ apiVersion, builder, os, podman }: PingAnswer): boolean {
  const [major = 0, minor = 0] = apiVersion.split(".").map(Number);
  return builder === "2" || (!podman && os === "linux" && (major > 1 || minor >= 39));
}
