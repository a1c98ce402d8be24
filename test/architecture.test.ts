import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/**
 * Who may import whom: each folder of `src` and the folders it may use. Every arrow points to an earlier row, so there
 * are no cycles. ARCHITECTURE.md explains the layers; this table is what holds.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  util: [],
  pb: [],
  diagnostic: ["util"],
  oci: ["util"],
  substitution: ["util"],
  install: [],
  config: ["diagnostic", "oci", "util"],
  lock: ["config", "diagnostic", "oci", "util"],
  facts: ["config", "lock", "diagnostic", "util"],
  plan: ["config", "lock", "facts", "oci", "diagnostic", "substitution", "util"],
  lint: ["config", "diagnostic", "facts", "install", "plan", "util"],
  units: ["plan", "lock", "install", "oci", "util"],
  llb: ["pb", "oci", "util"],
  emit: ["plan", "install", "llb", "oci", "diagnostic", "substitution", "util"],
  gateway: ["pb", "llb", "oci", "diagnostic", "util"],
  engine: ["oci", "diagnostic", "util"],
  subrequest: ["config", "diagnostic", "lint", "llb", "pb", "plan", "substitution", "util"],
  frontend: [
    ...["subrequest", "lint", "gateway", "config", "facts", "plan", "lock", "units", "emit", "llb"],
    ...["diagnostic", "oci", "util"],
  ],
  command: ["lint", "config", "facts", "plan", "lock", "units", "emit", "llb", "diagnostic", "oci", "util"],
  bin: ["frontend", "gateway", "command", "diagnostic", "util"],
};

/** Where the process and its machine may be touched; everything else is computation. */
const NODE_MODULES: readonly RegExp[] = [
  /^bin\//,
  /^command\//,
  /^engine\//,
  /^gateway\//,
  /^facts\/local-reader\.ts$/,
];

/** Node modules that compute and touch nothing. */
const PURE_NODE_MODULES: Readonly<Record<string, readonly RegExp[]>> = {
  "node:crypto": [/^llb\/digest\.ts$/, /^units\/layer-plan\.ts$/],
  "node:path": [/^llb\//],
  "node:net": [/^frontend\/build-opts\.ts$/],
};

const SRC = join(import.meta.dirname, "../src");

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith("generated.d.ts"))
  .sort();

const imports = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), "utf8");
  const names = [...text.matchAll(/^\s*(?:import|export)\b[^;"]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gm)];
  return names.map((match) => ({ file, name: match[1] ?? match[2] ?? "" }));
});

test("folders import only what the layers allow", () => {
  const offences = imports.flatMap(({ file, name }) => {
    if (!name.startsWith(".") || name.endsWith("/package.json")) return [];
    const own = file.split("/")[0] ?? "";
    const other = relative(SRC, join(SRC, dirname(file), name)).split("/")[0] ?? "";
    return other === own || LAYERS[own]?.includes(other) ? [] : [`${file} imports ${name}`];
  });
  expect(offences).toEqual([]);
});

test("the layers are one-way", () => {
  const order = Object.keys(LAYERS);
  const backward = order.flatMap((folder, index) =>
    (LAYERS[folder] ?? []).filter((used) => order.indexOf(used) >= index).map((used) => `${folder} -> ${used}`),
  );
  expect(backward).toEqual([]);
});

test("only the edges touch the machine", () => {
  const offences = imports.flatMap(({ file, name }) => {
    if (!name.startsWith("node:")) return [];
    const allowed = [...NODE_MODULES, ...(PURE_NODE_MODULES[name] ?? [])];
    return allowed.some((pattern) => pattern.test(file)) ? [] : [`${file} imports ${name}`];
  });
  expect(offences).toEqual([]);
});

test("files stay small", () => {
  const lengths = files.map((file) => ({ file, lines: readFileSync(join(SRC, file), "utf8").split("\n").length - 1 }));
  expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
  const sorted = lengths.map(({ lines }) => lines).sort((one, other) => one - other);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
});

test("every import is seen by these tests", () => {
  // The patterns above must find what a plain search finds.
  const count = files.reduce(
    (sum, file) => sum + (readFileSync(join(SRC, file), "utf8").match(/ from "/g)?.length ?? 0),
    0,
  );
  expect(imports.length).toBeGreaterThanOrEqual(count);
});
