import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { llb } from "../../../src/pb/generated.js";
import { convertLlb, ENUMS } from "../../../src/subrequest/convert-llb.ts";

const PROTO = "proto/llb";

test("every field that is an enum has names for its values, all but zero", () => {
  const text = readdirSync(PROTO)
    .map((name) => readFileSync(join(PROTO, name), "utf8"))
    .join("\n");
  const values = new Map(
    [...text.matchAll(/^enum (\w+) \{([^}]*)\}/gm)].map(([, name = "", body = ""]): [string, readonly string[]] => [
      name,
      [...body.matchAll(/= ([1-9]\d*);/g)].map(([, value = ""]) => value),
    ]),
  );
  const fields = [...text.matchAll(/^\s+(?:repeated )?(\w+) (\w+) = \d+;/gm)].flatMap(([, type = "", name = ""]) => {
    const numbers = values.get(type);
    return numbers === undefined ? [] : [[name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()), numbers]];
  });
  expect(fields.length).toBeGreaterThanOrEqual(values.size);
  expect(Object.fromEntries(fields)).toEqual(
    Object.fromEntries(Object.entries(ENUMS).map(([name, names]) => [name, Object.keys(names)])),
  );
});

test("they are shown by name", () => {
  const mounts = [{ mountType: 3, dest: "/x", contentCache: 2, cacheOpt: { id: "x", sharing: 2 } }];
  const bytes = llb.Op.encode({ exec: { network: 2, mounts } }).finish();
  const { json } = convertLlb({ def: [bytes], metadata: {} });
  expect(JSON.stringify(json)).toContain(
    '"exec":{"mounts":[{"dest":"/x","mountType":"CACHE","cacheOpt":{"id":"x","sharing":"LOCKED"},"contentCache":"OFF"}],"network":"NONE"}',
  );
});
