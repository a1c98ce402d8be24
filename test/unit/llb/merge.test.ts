import { expect, test } from "vitest";
import { copy } from "../../../src/llb/copy.ts";
import { dump } from "../../../src/llb/dump.ts";
import { exec } from "../../../src/llb/exec.ts";
import { http } from "../../../src/llb/http.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { merge } from "../../../src/llb/merge.ts";
import type { Output } from "../../../src/llb/vertex.ts";
import { COMMAND, python } from "./graph.ts";

function unit(name: string): Output {
  const filename = `${name}-1.0-py3-none-any.whl`;
  const from = http({
    url: `https://files.example.org/${filename}`,
    filename,
    checksum: `sha256:${"ab".repeat(32)}`,
    mode: 0o644,
  });
  return exec({
    ...COMMAND,
    args: ["python3", "install.py", filename],
    network: "none",
    result: "/out",
    mounts: [{ kind: "bind", dest: `/wheels/${filename}`, from, selector: `/${filename}` }],
  });
}

test("filesystems over one another", () => {
  expect(dump(marshal(merge({ inputs: [python(), unit("idna"), unit("attrs")], name: "all" })))).toMatchSnapshot();
});

test("a merge is always declared", () => {
  const definition = marshal(copy({ base: merge({ inputs: [python(), unit("idna")] }), sources: ["/a"], to: "/b" }));
  const declaring = Object.values(definition.metadata).filter(({ caps }) => caps?.["mergeop"]);
  expect(declaring).toHaveLength(1);
});

test("one filesystem twice is one input of the op", () => {
  const output = unit("idna");
  expect(dump(marshal(merge({ inputs: [output, python(), output] })))).toMatchSnapshot();
});

test("there is nothing to merge of one", () => {
  expect(() => merge({ inputs: [python()] })).toThrow(RangeError);
});
