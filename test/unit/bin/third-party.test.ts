import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { expect, test } from "vitest";
import { bundleFrontend } from "../../../script/bundle-frontend.ts";
import { thirdPartyLicences } from "../../../script/third-party.ts";
import { tempProject } from "../../support/temp-project.ts";

function metafile(...files: readonly string[]): Metafile {
  const inputs = Object.fromEntries(files.map((file) => [file, { bytesInOutput: 1 }]));
  return { inputs: {}, outputs: { out: { bytes: 1, imports: [], exports: [], inputs } } };
}

const MANIFEST = '{ "name": "a", "version": "1.0.0", "license": "MIT" }';

test("the licences of all that is bundled are there, and no others", async () => {
  const meta = await bundleFrontend(mkdtempSync(join(tmpdir(), "microb-bundle-")));
  const text = thirdPartyLicences(meta, ".");
  const titles = [...text.matchAll(/^-{80}\n((?:.+\n)+)-{80}\n\n\S/gm)].flatMap(([, names = ""]) => names.match(/.+/g));
  expect(titles.map((title) => title?.replace(/ \d\S*/, ""))).toEqual([
    "@grpc/grpc-js (Apache-2.0)",
    "@iarna/toml (ISC)",
    "@js-sdsl/ordered-map (MIT)",
    "@renovatebot/pep440 (Apache-2.0)",
    "long (Apache-2.0)",
    "protobufjs (BSD-3-Clause)",
    "smol-toml (BSD-3-Clause)",
    "toml-eslint-parser (MIT)",
    "eslint-visitor-keys (Apache-2.0)",
    "zod (MIT)",
  ]);
});

test("a package without the text of its licence fails, by name", () => {
  const root = tempProject({ "node_modules/a/package.json": MANIFEST, "node_modules/a/license-checker.js": "x" });
  expect(() => thirdPartyLicences(metafile("src/x.ts", "node_modules/a/x.js"), root)).toThrow(
    "a 1.0.0 (MIT) is bundled, but node_modules/a has no file with the text of its licence",
  );
});

test("an empty licence is none", () => {
  const root = tempProject({ "node_modules/a/package.json": MANIFEST, "node_modules/a/LICENSE": " \n" });
  expect(() => thirdPartyLicences(metafile("node_modules/a/x.js"), root)).toThrow("no file with the text");
});

test("a package inside another one is its own, scopes are part of names, and equal texts stand once", () => {
  const inner = MANIFEST.replace('"a"', '"@s/b"');
  const root = tempProject({
    "node_modules/a/package.json": MANIFEST,
    "node_modules/a/LICENSE.md": "Do what you like.\r\n",
    "node_modules/a/node_modules/@s/b/package.json": inner,
    "node_modules/a/node_modules/@s/b/LICENCE": "Do what you like.",
  });
  const text = thirdPartyLicences(metafile("node_modules/a/x.js", "node_modules/a/node_modules/@s/b/y.js"), root);
  expect(text).toContain("\na 1.0.0 (MIT)\n@s/b 1.0.0 (MIT)\n");
  expect(text.match(/Do what you like/g)).toHaveLength(1);
});

test("what was shaken out of a bundle needs no licence", () => {
  const meta = metafile("node_modules/a/x.js");
  for (const input of Object.values(meta.outputs["out"]?.inputs ?? {})) input.bytesInOutput = 0;
  expect(thirdPartyLicences(meta, "/nowhere")).not.toContain("---");
});
