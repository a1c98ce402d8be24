import { expect, test } from "vitest";
import { dump } from "../../../src/llb/dump.ts";
import { image } from "../../../src/llb/image.ts";
import { local } from "../../../src/llb/local.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { PLATFORM } from "./graph.ts";

const reference = "docker.io/library/alpine:3.20";

test.each([
  ["a plain image", image({ reference, platform: PLATFORM })],
  [
    "an image that must be pulled",
    image({ reference, platform: PLATFORM, resolveMode: "pull", name: "[base] alpine" }),
  ],
  [
    "an image that should be local",
    image({ reference, platform: { os: "linux", architecture: "arm" }, resolveMode: "local" }),
  ],
  ["a local", local({ local: "context", sessionId: "s1" })],
  [
    "a local with everything",
    local({
      local: "dockerfile",
      sessionId: "s1",
      followPaths: ["uv.lock", "pyproject.toml"],
      includePatterns: ["*.toml"],
      excludePatterns: ["b", "!a"],
      sharedKeyHint: "pyproject.toml",
      differ: "none",
      name: "[internal] load build definition",
    }),
  ],
])("%s", (_, output) => {
  expect(dump(marshal(output))).toMatchSnapshot();
});
