import { expect, test } from "vitest";
import { download } from "../../../src/plan/file-source.ts";
import type { CopySource, Mount, Step } from "../../../src/plan/step.ts";
import { env, run } from "../../../src/plan/step.ts";
import { usedPaths } from "../../../src/plan/used-paths.ts";

const CONTEXT: CopySource = { kind: "context" };

function copying(from: CopySource, ...sources: readonly string[]): Step {
  return { kind: "copy", title: "", from, sources, to: "/x" };
}

function adding(path: string): Step {
  return { kind: "add", title: "", source: { kind: "context", path }, to: "/x" };
}

function mounting(source: string): Step {
  const mount: Mount = { kind: "context", target: "/x", source };
  return run("", [], [{ kind: "ssh" }, mount]);
}

function ofContext(...steps: readonly Step[]): readonly string[] {
  const plan = { stages: [{ name: "a", base: "b", steps }], image: { labels: [] }, exclude: [] };
  return usedPaths(plan, ({ kind }) => kind === "context");
}

test("paths are a sorted set without slashes around them", () => {
  const steps = [copying(CONTEXT, "z/", "/b/c"), mounting("./m"), adding("b/c"), adding("a.tar"), env("A", "b")];
  expect(ofContext(...steps)).toEqual(["a.tar", "b/c", "m", "z"]);
});

test.each(["", ".", "/", "./", "*.txt", "a/?", "[ab]", "a\\*"])("%j may be all", (path) => {
  expect(ofContext(copying(CONTEXT, "a", path))).toEqual([]);
  expect(ofContext(mounting("a"), mounting(path))).toEqual([]);
});

test("what comes from elsewhere does not count", () => {
  const others = [
    copying({ kind: "stage", name: "a" }, "/"),
    copying({ kind: "image", reference: "i" }, "/"),
    { kind: "add", title: "", source: download("https://example.org/a"), to: "/x" } as const,
  ];
  expect(ofContext(...others, copying(CONTEXT, "a"))).toEqual(["a"]);
});
