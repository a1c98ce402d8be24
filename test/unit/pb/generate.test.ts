import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const GENERATED = readFileSync(fileURLToPath(new URL("../../../src/pb/generated.js", import.meta.url)), "utf8");
const PROTO = fileURLToPath(new URL("../../../proto", import.meta.url));

test("generated code loads nothing but the small run time and the map order", () => {
  const imports = [...GENERATED.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from);
  expect(imports).toEqual(["protobufjs/minimal.js", "./sorted-map-keys.ts"]);
});

test("every map field goes through the one function that sorts its keys", () => {
  const maps = readdirSync(PROTO, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".proto"))
    .flatMap((file) => readFileSync(`${PROTO}/${file}`, "utf8").match(/^ {2}map</gm) ?? []);
  expect(GENERATED.match(/sortedMapKeys\(message/g)).toHaveLength(maps.length);
  expect(GENERATED).not.toMatch(/\$Object\.keys\(message/);
});
