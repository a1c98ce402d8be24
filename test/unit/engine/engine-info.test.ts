import { expect, test } from "vitest";
import type { DockerEngine, PingAnswer } from "../../../src/engine/docker-engine.ts";
import type { EngineApi, InfoAnswer } from "../../../src/engine/engine-api.ts";
import { engineInfo } from "../../../src/engine/engine-info.ts";

function engine(ping: Partial<PingAnswer>, info: InfoAnswer = {}, Arch = "amd64"): DockerEngine {
  const api: Partial<EngineApi> = {
    version: async () => ({ Version: "1", Os: "linux", Arch }),
    info: async () => info,
  };
  return {
    endpoint: { kind: "socket", path: "/x" },
    ping: { apiVersion: "1.51", os: "linux", builder: "", podman: false, ...ping },
    api: api as EngineApi,
  };
}

test.each([
  [{ apiVersion: "1.51", builder: "2" }, true],
  [{ apiVersion: "1.41" }, true],
  [{ apiVersion: "1.41", builder: "1" }, true],
  [{ apiVersion: "1.39" }, true],
  [{ apiVersion: "1.38" }, false],
  [{ apiVersion: "2.0" }, true],
  [{ os: "windows", builder: "1" }, false],
  [{ apiVersion: "1.41", podman: true }, false],
])("BuildKit with %j: %s", async (ping, buildkit) => {
  expect((await engineInfo(engine(ping))).buildkit).toBe(buildkit);
});

test("the image store, and who runs it", async () => {
  const containerd = [["driver-type", "io.containerd.snapshotter.v1"]];
  const SecurityOptions = ["name=seccomp,profile=builtin", "name=rootless"];
  const info = await engineInfo(engine({}, { DriverStatus: containerd, SecurityOptions }, "aarch64"));
  const platform = { os: "linux", architecture: "arm64" };
  expect(info).toMatchObject({ imageStore: "containerd", rootless: true, platform });
  const classic = { DriverStatus: [["Backing Filesystem", "extfs"]], SecurityOptions: ["name=seccomp"] };
  expect(await engineInfo(engine({}, classic))).toMatchObject({ imageStore: "classic", rootless: false });
  const silent = { DriverStatus: null, SecurityOptions: null };
  expect(await engineInfo(engine({}, silent))).toMatchObject({ imageStore: "classic", rootless: false });
});
