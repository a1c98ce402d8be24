import { expect, test } from "vitest";
import { copy } from "../../../src/llb/copy.ts";
import { dump } from "../../../src/llb/dump.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { mkdir } from "../../../src/llb/mkdir.ts";
import { mkfile } from "../../../src/llb/mkfile.ts";
import { llb } from "../../../src/pb/generated.js";
import { fromInt64, type Int64 } from "../../../src/pb/int64.ts";
import { context, python } from "./graph.ts";

const base = python();
const from = context();

test.each([
  ["one source", copy({ base, from, sources: ["/app"], to: "/srv/app" })],
  ["several sources", copy({ base, from, sources: ["a", "b*", "./c/../d"], to: "/srv/", name: "COPY" })],
  ["into an empty filesystem", copy({ from, sources: ["/"], to: "/" })],
  [
    "all options",
    copy({
      base,
      from,
      sources: ["/"],
      to: "/srv/.",
      owner: { user: 0, group: 65532 },
      mode: 0o4755,
      timestamp: 1_700_000_000_000_000_001n,
      include: ["src"],
      exclude: ["**/__pycache__", "!keep"],
      required: ["src"],
      flags: {
        allowWildcard: false,
        allowEmptyWildcard: false,
        attemptUnpack: true,
        alwaysReplaceExistingDestPaths: true,
      },
    }),
  ],
  ["what is removed again", copy({ base, from, sources: ["/"], to: "/srv", removed: ["/srv/a", "/srv/b"] })],
  ["owners by name", copy({ base, from, sources: ["a", "b"], to: "/", owner: { user: "app" } })],
  ["a directory", mkdir({ base, path: "/home/nonroot", mode: 0o1755, makeParents: true, owner: { user: 65532 } })],
  ["a file", mkfile({ path: "/etc/x", mode: 0o644, data: "a\n", timestamp: 0n })],
  ["bytes", mkfile({ base, path: "/etc/x", mode: 0o600, data: Uint8Array.of(1) })],
])("%s", (_, output) => {
  expect(dump(marshal(output))).toMatchSnapshot();
});

test.each([
  ["/a", "/a"],
  ["/a/", "/a/"],
  ["/a/.", "/a/."],
  ["/a/b/../c/", "/a/c/"],
  ["/", "/"],
  ["/.", "/."],
  ["//a", "/a"],
])("the target %s is written as %s", (to, expected) => {
  expect(fileOp(copy({ base, from, sources: ["/x"], to })).actions?.[0]?.copy?.dest).toBe(expected);
});

function fileOp(output: Parameters<typeof marshal>[0]): llb.FileOp.$Properties {
  const bytes = marshal(output).def.at(-2);
  return llb.Op.decode(bytes ?? new Uint8Array()).file ?? {};
}

const number = (value: Int64 | undefined) => Number(fromInt64(value ?? 0));

test("actions are chained: an index past the inputs names the action before", () => {
  const { actions = [] } = fileOp(copy({ base, from, sources: ["a", "b", "c"], to: "/" }));
  expect(actions.map((action) => [number(action.input), number(action.secondaryInput), number(action.output)])).toEqual(
    [
      [0, 1, -1],
      [2, 1, -1],
      [3, 1, 0],
    ],
  );
});

test("copying within one filesystem has one input; an empty one has none", () => {
  expect(number(fileOp(copy({ base, from: base, sources: ["a"], to: "/b" })).actions?.[0]?.secondaryInput)).toBe(0);
  const [action] = fileOp(mkdir({ path: "/a", mode: 0o755 })).actions ?? [];
  expect([number(action?.input), number(action?.secondaryInput)]).toEqual([-1, -1]);
});

test("names of owners are looked up in the base, also by later actions", () => {
  const { actions = [] } = fileOp(
    copy({ base, from, sources: ["a", "b"], to: "/", owner: { user: "app", group: "app" } }),
  );
  expect(actions.map(({ copy: action }) => number(action?.owner?.group?.byName?.input))).toEqual([0, 0]);
});
