import { copy } from "../../../src/llb/copy.ts";
import { exec } from "../../../src/llb/exec.ts";
import { image } from "../../../src/llb/image.ts";
import { local } from "../../../src/llb/local.ts";
import type { Output } from "../../../src/llb/vertex.ts";

/** The platform of every graph in these tests. */
export const PLATFORM = Object.freeze({ os: "linux", architecture: "amd64" });

/** An image to build on. */
export function python(): Output {
  return image({ reference: "docker.io/library/python:3.12@sha256:00", platform: PLATFORM, name: "python:3.12" });
}

/** The client's files. */
export function context(): Output {
  return local({ local: "context", sessionId: "session", name: "[internal] load build context" });
}

/** The least that a command needs. */
export const COMMAND = Object.freeze({
  root: python(),
  args: ["true"],
  env: { PATH: "/bin" },
  cwd: "/",
  platform: PLATFORM,
});

/** A graph in which one vertex is used twice, once directly and once through another. */
export function diamond(): Output {
  const base = python();
  const built = exec({ ...COMMAND, root: base, args: ["/bin/sh", "-c", "pip install ."], name: "install" });
  return copy({ base, from: built, sources: ["/home/nonroot/.local"], to: "/home/nonroot/.local" });
}
