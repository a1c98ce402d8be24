import { expect, test } from "vitest";
import { imageConfig } from "../../../src/emit/image-config.ts";
import { initialState } from "../../../src/emit/llb-state.ts";
import { image } from "../../../src/llb/image.ts";
import type { ImageConfig } from "../../../src/oci/image-config.ts";

const PLATFORM = { os: "linux", architecture: "arm64", variant: "v8" };
const ROOT = image({ reference: "docker.io/library/python:3.14", platform: PLATFORM });

const BASE: ImageConfig = {
  os: "linux",
  architecture: "arm64",
  variant: "v8",
  created: "2024-01-01T00:00:00Z",
  rootfs: { type: "layers", diff_ids: ["sha256:00"] },
  history: [{ created_by: "base" }],
  "os.version": "kept",
  config: {
    Env: ["PATH=/bin", "EMPTY=", "NOVALUE", "EQUALS=a=b"],
    Cmd: ["python3"],
    User: "base",
    WorkingDir: "/srv",
    Labels: { z: "base", b: "base" },
    OnBuild: ["RUN x"],
    Volumes: { "/data": {} },
    StopSignal: "SIGINT",
  },
};

test("the base's configuration is kept where nothing is said, but for what belongs to it alone", () => {
  const state = initialState(ROOT, BASE);
  expect(
    imageConfig(
      state,
      {
        labels: new Map([
          ["b", "own"],
          ["a", "own"],
        ]),
      },
      { platform: PLATFORM },
    ),
  ).toEqual({
    os: "linux",
    architecture: "arm64",
    "os.version": "kept",
    rootfs: { type: "layers", diff_ids: ["sha256:00"] },
    history: [
      { created_by: "base" },
      { created_by: "LABEL b=own", comment: "microb.v1", empty_layer: true },
      { created_by: "LABEL a=own", comment: "microb.v1", empty_layer: true },
    ],
    config: {
      Env: ["PATH=/bin", "EMPTY=", "NOVALUE=", "EQUALS=a=b"],
      Cmd: ["python3"],
      User: "base",
      WorkingDir: "/srv",
      Labels: { a: "own", b: "own", z: "base" },
      Volumes: { "/data": {} },
      StopSignal: "SIGINT",
    },
  });
});

test("a base that says nothing gives a valid image", () => {
  const state = initialState(ROOT, { os: "linux", architecture: "arm64" });
  expect(imageConfig(state, { labels: new Map() }, { platform: PLATFORM })).toMatchObject({
    rootfs: { type: "layers", diff_ids: [] },
    history: [],
    config: { Env: [], WorkingDir: "/", Labels: {} },
  });
});

test("labels keep their order whatever their names", () => {
  const labels = new Map([
    ["10", "a"],
    ["9", "b"],
    ["__proto__", "c"],
  ]);
  const { config } = imageConfig(
    initialState(ROOT, { os: "linux", architecture: "arm64" }),
    { labels },
    { platform: PLATFORM },
  );
  expect(Object.entries(config?.Labels ?? {}).length).toBe(3);
  expect(JSON.stringify(config?.Labels)).toContain('"__proto__":"c"');
});

test("a time that is set is that of the image and of what it adds to the base's history", () => {
  const state = initialState(ROOT, BASE);
  const image = imageConfig(state, { labels: new Map([["a", "b"]]) }, { platform: PLATFORM, epoch: 1_700_000_000 });
  expect(image.created).toBe("2023-11-14T22:13:20Z");
  expect(image.history?.map(({ created }) => created)).toEqual([undefined, "2023-11-14T22:13:20Z"]);
});
