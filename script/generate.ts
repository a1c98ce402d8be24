/**
 * Writes `src/pb/generated.js` and `src/pb/generated.d.ts` from `proto/`. Running it twice leaves no difference.
 *
 * The code that protobufjs makes is canonical but for one thing: it writes map entries in the order in which the
 * keys were set. Here every map is made to go through `sortedMapKeys` (`src/pb/sorted-map-keys.ts`) instead.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { main } from "protobufjs-cli/pbjs.js";

const PROTO = fileURLToPath(new URL("../proto", import.meta.url));
const OUT = fileURLToPath(new URL("../src/pb/", import.meta.url));

/** Short names under which the packages are exported, since TypeScript cannot alias a namespace without emitting code. */
const ALIASES = { llb: "pb", gateway: "moby.buildkit.v1.frontend" };

const pbjs = promisify((args: readonly string[], done: (error: Error | null) => void) => {
  main([...args], (error) => done(error));
});

const options = [
  ["--path", PROTO, "--root", "microb", "--target", "static-module", "--wrap", "esm"],
  ["--no-create", "--no-verify", "--no-convert", "--no-delimited", "--no-typeurl", "--no-service"],
  ["--null-semantics"],
].flat();

/** All of them are main files: otherwise the ones that no message refers to (`op.proto`) would be left out. */
const protos = readdirSync(PROTO, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".proto"))
  .sort()
  .map((file) => join(PROTO, file));

const scratch = mkdtempSync(join(tmpdir(), "generate-"));
try {
  // Declarations are made from the comments, which are then left out of the code that is loaded.
  await pbjs([...options, "--dts", "--out", join(scratch, "typed.js"), ...protos]);
  await pbjs([...options, "--no-comments", "--out", join(scratch, "bare.js"), ...protos]);
  writeFileSync(join(OUT, "generated.js"), code(readFileSync(join(scratch, "bare.js"), "utf8")));
  writeFileSync(join(OUT, "generated.d.ts"), declarations(readFileSync(join(scratch, "typed.d.ts"), "utf8")));
} finally {
  rmSync(scratch, { recursive: true });
}

function code(generated: string): string {
  const loop = /\$Object\.keys\((message\.\w+)\)/g;
  if (!loop.test(generated))
    throw new Error("protobufjs no longer writes maps as expected: map keys would be unsorted");
  const aliases = Object.entries(ALIASES).map(([name, target]) => `export const ${name} = ${target};\n`);
  return [
    "// Made by script/generate.ts from proto/. Do not edit.\n",
    generated
      .replace(/^\/\*eslint.*\n/, "")
      .replace(/^(import .*\n)/m, '$1import { sortedMapKeys } from "./sorted-map-keys.ts";\n')
      .replace(loop, "sortedMapKeys($1)"),
    ...aliases,
  ].join("");
}

function declarations(generated: string): string {
  const aliases = Object.entries(ALIASES).map(([name, target]) => `export import ${name} = ${target};\n`);
  // The two halves of a 64-bit number are all that is used: no dependency on the package "long" for its class.
  const long = generated.replace('import Long = require("long");', "type Long = $protobuf.Long;");
  return ["// Made by script/generate.ts from proto/. Do not edit.\n", long, ...aliases].join("");
}
