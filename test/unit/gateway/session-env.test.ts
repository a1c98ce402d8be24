import { expect, test } from "vitest";
import { readSessionEnv } from "../../../src/gateway/session-env.ts";

test("options are split at the first equals sign; their numbers mean nothing", () => {
  const { opts } = readSessionEnv({
    BUILDKIT_FRONTEND_OPT_1: "build-arg:A=b=c\nd",
    BUILDKIT_FRONTEND_OPT_0: "context:a::linux/amd64=docker-image://b",
    BUILDKIT_FRONTEND_OPT_2: "no-cache",
    BUILDKIT_FRONTEND_OPT_3: "cache-from=",
    PATH: "/bin",
  });
  expect([...opts]).toEqual([
    ["build-arg:A", "b=c\nd"],
    ["cache-from", ""],
    ["context:a::linux/amd64", "docker-image://b"],
    ["no-cache", ""],
  ]);
});

test.each([
  ['[{"id":"w","platforms":[{"architecture":"arm64","os":"linux","variant":"v8"}]}]'],
  ['[{"ID":"w","Labels":{},"Platforms":[{"architecture":"arm64","os":"linux"}]}]'],
])("workers: %s", (workers) => {
  expect(
    readSessionEnv({ BUILDKIT_WORKERS: workers, BUILDKIT_SESSION_ID: "s", BUILDKIT_EXPORTEDPRODUCT: "docker" }),
  ).toEqual({
    sessionId: "s",
    workers: [{ id: "w", platforms: [{ os: "linux", architecture: "arm64" }] }],
    product: "docker",
    opts: new Map(),
  });
});

test("nothing at all is plain data too", () => {
  expect(readSessionEnv({})).toEqual({ sessionId: "", workers: [], product: "", opts: new Map() });
  expect(() => readSessionEnv({ BUILDKIT_WORKERS: "{" })).toThrow(SyntaxError);
});
