import { expect, test } from "vitest";
import { familiarReference, normalizeReference } from "../../../src/oci/image-reference.ts";

test.each([
  ["python:3.13-slim", "docker.io/library/python:3.13-slim", "python:3.13-slim"],
  ["nats", "docker.io/library/nats:latest", "nats"],
  ["docker.io/nats:2.10", "docker.io/library/nats:2.10", "nats:2.10"],
  ["org/image", "docker.io/org/image:latest", "org/image"],
  ["ghcr.io/astral-sh/uv:0.9", "ghcr.io/astral-sh/uv:0.9", "ghcr.io/astral-sh/uv:0.9"],
  ["localhost:5000/a", "localhost:5000/a:latest", "localhost:5000/a"],
  ["localhost/a/b:1", "localhost/a/b:1", "localhost/a/b:1"],
  ["a@sha256:0123", "docker.io/library/a@sha256:0123", "a@sha256:0123"],
  ["index.docker.io/library/a:latest", "docker.io/library/a:latest", "a"],
])("%s", (name, full, familiar) => {
  expect(normalizeReference(name)).toBe(full);
  expect(familiarReference(name)).toBe(familiar);
  expect(normalizeReference(full)).toBe(full);
});
