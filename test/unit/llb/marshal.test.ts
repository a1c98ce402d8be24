import { expect, test } from "vitest";
import { copy } from "../../../src/llb/copy.ts";
import { encodeDefinition, resultInput } from "../../../src/llb/definition.ts";
import { digestOf } from "../../../src/llb/digest.ts";
import { embed } from "../../../src/llb/embed.ts";
import { exec } from "../../../src/llb/exec.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { mkdir } from "../../../src/llb/mkdir.ts";
import { encode } from "../../../src/pb/encode.ts";
import { llb } from "../../../src/pb/generated.js";
import { COMMAND, context, diamond, PLATFORM, python } from "./graph.ts";

const ops = (definition: { def: readonly Uint8Array[] }) => definition.def.map((bytes) => llb.Op.decode(bytes));

test("ops come after the ops that they use, each once, and the last one only points at the result", () => {
  const definition = marshal(diamond());
  expect(ops(definition).map(({ op }) => op)).toEqual(["source", "exec", "file", undefined]);
  const terminal = ops(definition).at(-1);
  expect(terminal?.inputs).toHaveLength(1);
  expect(terminal?.platform).toBeFalsy();
  expect(resultInput(definition)).toEqual({ digest: digestOf(definition.def[2] ?? new Uint8Array()), index: 0 });
});

test("marshalling twice, and marshalling an equal graph, gives the same bytes", () => {
  const graph = diamond();
  const bytes = Buffer.from(encodeDefinition(marshal(graph)));
  expect(Buffer.from(encodeDefinition(marshal(graph)))).toEqual(bytes);
  expect(Buffer.from(encodeDefinition(marshal(diamond())))).toEqual(bytes);
});

test("vertices that make the same op are one op, with what both say of it", () => {
  const one = exec({ ...COMMAND, root: python(), name: "one" });
  const two = exec({ ...COMMAND, root: python(), name: "two", ignoreCache: true });
  const definition = marshal(copy({ base: one, from: two, sources: ["/a"], to: "/b" }));
  expect(ops(definition).map(({ op }) => op)).toEqual(["source", "exec", "file", undefined]);
  expect(ops(definition)[2]?.inputs).toHaveLength(1);
  const metadata = definition.metadata[digestOf(definition.def[1] ?? new Uint8Array())];
  expect(metadata).toMatchObject({ ignoreCache: true, description: { "llb.customname": "two" } });
});

test("every op has metadata, and the last one asks for what the others use", () => {
  const plain = marshal(copy({ from: embed(marshal(diamond())), sources: ["/a"], to: "/b" }));
  expect(Object.keys(plain.metadata)).toHaveLength(plain.def.length);
  const last = (definition: typeof plain) => Object.keys(terminalMetadata(definition).caps ?? {}).sort();
  expect(last(plain)).toEqual(["constraints", "meta.description", "platform"]);
  const uncached = marshal(exec({ ...COMMAND, ignoreCache: true }));
  expect(last(uncached)).toEqual(["constraints", "meta.description", "meta.ignorecache", "platform"]);
  expect(last(marshal(mkdir({ path: "/a", mode: 0o755 })))).toEqual(["constraints", "platform"]);
});

function terminalMetadata(definition: ReturnType<typeof marshal>): llb.OpMetadata.$Properties {
  return definition.metadata[digestOf(definition.def.at(-1) ?? new Uint8Array())] ?? {};
}

test("only image and exec ops say their platform", () => {
  const arm = { os: "linux", architecture: "aarch64" };
  const built = exec({ ...COMMAND, platform: arm });
  const platforms = ops(marshal(copy({ base: built, from: context(), sources: ["/"], to: "/" }))).map((op) =>
    op.platform ? `${op.platform.os}/${op.platform.architecture}` : undefined,
  );
  expect(platforms).toEqual(["linux/amd64", "linux/arm64", undefined, undefined, undefined]);
});

test("origins become a source map in which each file is once", () => {
  const file = { filename: "pyproject.toml", text: "[project]\n", language: "TOML" };
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } };
  const first = exec({ ...COMMAND, origin: [{ file, ranges: [range] }] });
  const second = exec({ ...COMMAND, root: first, origin: [{ file, ranges: [range] }] });
  const { source, def } = marshal(second);
  expect(source?.infos).toEqual([{ filename: "pyproject.toml", data: expect.anything(), language: "TOML" }]);
  const location = { locations: [{ sourceIndex: 0, ranges: [range] }] };
  expect(source?.locations).toEqual({
    [digestOf(def[1] ?? new Uint8Array())]: location,
    [digestOf(def[2] ?? new Uint8Array())]: location,
  });
});

test("a foreign definition keeps its bytes, its metadata and its source map", () => {
  const file = { filename: "other.toml", text: "" };
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } };
  const unknownField = Buffer.from("fa0101ff", "hex");
  const inner = marshal(exec({ ...COMMAND, name: "inner", origin: [{ file, ranges: [range] }] }));
  const strange = Buffer.concat([inner.def[0] ?? new Uint8Array(), unknownField]);
  const foreign = {
    ...inner,
    def: [strange, encode(llb.Op, { inputs: [{ digest: digestOf(strange), index: 0 }] })],
  };
  const own = { filename: "pyproject.toml", text: "" };
  const definition = marshal(exec({ ...COMMAND, root: embed(foreign), origin: [{ file: own, ranges: [range] }] }));
  expect(Buffer.from(definition.def[0] ?? [])).toEqual(strange);
  expect(ops(definition)[1]?.inputs[0]?.digest).toBe(digestOf(strange));
  const complete = marshal(exec({ ...COMMAND, root: embed(inner), origin: [{ file: own, ranges: [range] }] }));
  expect(complete.source?.infos?.map(({ filename }) => filename)).toEqual(["other.toml", "pyproject.toml"]);
  const indexes = Object.values(complete.source?.locations ?? {}).map((of) => of.locations?.[0]?.sourceIndex);
  expect(indexes).toEqual([0, 1]);
  const names = Object.values(complete.metadata).map(({ description }) => description?.["llb.customname"]);
  expect(names).toContain("inner");
});

test.each([
  ["no argument", () => exec({ ...COMMAND, args: [] })],
  ["a relative working directory", () => exec({ ...COMMAND, cwd: "src" })],
  ["no source", () => copy({ sources: [], to: "/" })],
  ["a relative target", () => copy({ sources: ["/a"], to: "b" })],
  ["no terminal op", () => embed({ def: [], metadata: {} })],
])("%s is refused", (_, make) => {
  expect(make).toThrow(RangeError);
});

test("vertices are frozen", () => {
  expect(Object.isFrozen(diamond().vertex)).toBe(true);
  expect(PLATFORM.os).toBe("linux");
});
