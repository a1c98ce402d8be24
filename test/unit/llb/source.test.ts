import { expect, test } from "vitest";
import { dump } from "../../../src/llb/dump.ts";
import { git } from "../../../src/llb/git.ts";
import { http } from "../../../src/llb/http.ts";
import { image } from "../../../src/llb/image.ts";
import { local } from "../../../src/llb/local.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { ociLayout } from "../../../src/llb/oci-layout.ts";
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
  [
    "a git repository",
    git({ remote: "https://example.org/a.git", location: "example.org/a.git", overSsh: false, ref: "v1" }),
  ],
  [
    "a git repository with everything",
    git({
      remote: "ssh://git@example.org/a.git",
      location: "example.org/a.git",
      overSsh: true,
      ref: "main",
      subdirectory: "b/c",
      keepGitDirectory: true,
      checksum: "0123abcd",
      skipSubmodules: true,
      times: "commit",
      fetchByCommit: true,
      name: "[internal] load git source",
    }),
  ],
  ["a download", http({ url: "https://example.org/a", filename: "context" })],
  ["a download with a checksum", http({ url: "https://example.org/a", filename: "a", checksum: "sha256:00" })],
  ["an OCI layout", ociLayout({ reference: "a@sha256:00", store: "s", sessionId: "s1", platform: PLATFORM })],
])("%s", (_, output) => {
  expect(dump(marshal(output))).toMatchSnapshot();
});
