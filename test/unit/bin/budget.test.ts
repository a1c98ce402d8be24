import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUNDLING, bundleFrontend, bundleImageCommand } from "../../../script/bundle-frontend.ts";
import { warmRun } from "../../../script/warm-run.ts";
import { cachePath } from "../../../src/bin/bundle-script.ts";

/**
 * What the frontend may weigh, in bytes, about a tenth over what it does. It starts anew for every build, so each
 * kilobyte is read, and most are run, every time: raise a number knowingly, in a commit that says what for.
 */
const MOST = { command: 620_000, bundle: 860_000, cache: 1_390_000, startUp: 420_000 };

/** Packages that the first call needs. All others are loaded while the daemon answers it, or for an error only. */
const START_UP = ["@grpc/grpc-js", "@js-sdsl/ordered-map", "long", "protobufjs"];

/** Packages that nothing but an error needs. */
const ERRORS_ONLY = ["toml-eslint-parser"];

let directory: string;
let bundle: string;
let metafile: Metafile;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "microb-budget-"));
  bundle = join(directory, "bundle.cjs");
  metafile = await bundleFrontend(directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("the bundle stays small", () => {
  const size = statSync(bundle).size;
  expect(size, `bundle.cjs has ${size} bytes; its largest parts:\n${largest(weights())}`).toBeLessThanOrEqual(
    MOST.bundle,
  );
});

test("the command line in the image stays small, and has nothing that only a build needs", async () => {
  const inCommand = await bundleImageCommand(directory);
  expect(statSync(join(directory, "cli.cjs")).size).toBeLessThanOrEqual(MOST.command);
  const paths = Object.values(inCommand.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(packages(paths)).not.toContain("@grpc/grpc-js");
  expect(paths.filter((path) => /^src\/(?:frontend|gateway)\//.test(path))).toEqual([]);
});

test("the code cache stays small", async () => {
  const recorder = join(directory, "record.cjs");
  await build({ ...BUNDLING, entryPoints: ["script/record-code-cache.ts"], outfile: recorder });
  await warmRun([process.execPath, recorder, bundle]);
  const { size } = statSync(cachePath(bundle));
  expect(size, `the code cache has ${size} bytes`).toBeLessThanOrEqual(MOST.cache);
});

test("little is loaded before the first call", () => {
  const loaded = reached("src/bin/frontend.ts", () => false);
  const early = new Map([...weights()].filter(([path]) => loaded.has(path)));
  const size = [...early.values()].reduce((sum, bytes) => sum + bytes, 0);
  expect(size, `${size} bytes are loaded before the first call:\n${largest(early)}`).toBeLessThanOrEqual(MOST.startUp);
  expect(packages(loaded), "packages loaded before the first call: import() the module that needs another").toEqual(
    START_UP,
  );
});

test("what only an error needs is not loaded for a build", () => {
  const needed = reached("src/bin/frontend.ts", (path) => path === "src/frontend/build.ts");
  expect(packages(needed).filter((name) => ERRORS_ONLY.includes(name))).toEqual([]);
  expect([...needed]).not.toContain("src/frontend/describe-error.ts");
  // They are in the bundle all the same: this is no test of names that have changed.
  expect(packages(weights().keys())).toEqual(expect.arrayContaining(ERRORS_ONLY));
});

/** Modules that are run when one is, and those behind a lazy import that is followed. */
function reached(entry: string, follow: (path: string) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (external !== true && (kind !== "dynamic-import" || follow(next))) visit(next);
    }
  };
  visit(entry);
  return found;
}

/** What each module brings into the bundle. */
function weights(): ReadonlyMap<string, number> {
  const [output] = Object.values(metafile.outputs);
  return new Map(Object.entries(output?.inputs ?? {}).map(([path, { bytesInOutput }]) => [path, bytesInOutput]));
}

function packages(paths: Iterable<string>): readonly string[] {
  const names = [...paths].flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

function largest(sizes: ReadonlyMap<string, number>): string {
  const sorted = [...sizes].sort(([, one], [, other]) => other - one);
  return sorted
    .slice(0, 12)
    .map(([path, bytes]) => `  ${bytes} ${path}`)
    .join("\n");
}
