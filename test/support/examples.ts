import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseCommandLine } from "../../src/command/command-line.ts";
import { completeLocal } from "../../src/command/complete-local.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { localReader } from "../../src/facts/local-reader.ts";
import { type ProjectPlan, planProject } from "../../src/plan/plan-project.ts";

/** One container started from an image: what it must print, or answer over HTTP. */
export type ExampleRun = Readonly<{
  args?: readonly string[];
  http?: Readonly<{ port: number; path: string }>;
  /** Text that the output, or the answer, must contain. */
  stdout: string;
}>;

/** One image of an example: a name if there are several, further arguments of `docker build`, labels it must have, and its runs. */
export type ExampleImage = Readonly<{
  name?: string;
  build?: readonly string[];
  labels?: Readonly<Record<string, string>>;
  runs: readonly ExampleRun[];
}>;

/** An example project, with what its `test.json` says. */
export type Example = Readonly<{
  name: string;
  /** The build context. */
  directory: string;
  about: string;
  /** The build file, relative to the context. */
  file: string;
  /** A base image that not every machine can pull. Without it the example is planned and emitted, but not built. */
  needs?: string;
  /** The server that it is built with, which stands in for the hosts of example.org that it names. */
  fixture?: "private-index" | "git-ssh";
  images: readonly ExampleImage[];
}>;

const ROOT = join(import.meta.dirname, "../../examples");

/** Every example, sorted by name. */
export const EXAMPLES: readonly Example[] = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .map((name) => {
    const directory = join(ROOT, name);
    const test = JSON.parse(readFileSync(join(directory, "test.json"), "utf8"));
    return { name, directory, file: "pyproject.toml", ...test } satisfies Example;
  });

/** Plans one image of an example, as a build of it would; with a lock for a base image that has this Python. */
export async function planExample(
  { directory, file }: Example,
  { build = [] }: ExampleImage,
  pythonVersion = "3.13.5",
): Promise<ProjectPlan> {
  const { target, buildArgs } = parseCommandLine(build);
  const planned = await planProject(localReader(directory), {
    source: sourceText(basename(file), readFileSync(join(directory, file), "utf8")),
    location: { directory: dirname(file) === "." ? "" : dirname(file), buildFile: basename(file) },
    target,
    platforms: [{ os: "linux", architecture: "amd64" }],
    variables: buildArgs,
  });
  return completeLocal(planned, () => ({
    platform: { os: "linux", architecture: "amd64" },
    pythonVersion,
    libc: { kind: "glibc", version: "2.41" },
  }));
}
