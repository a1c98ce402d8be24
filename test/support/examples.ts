import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

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
export type Example = Readonly<{ name: string; directory: string; about: string; images: readonly ExampleImage[] }>;

const ROOT = join(import.meta.dirname, "../../examples");

/** Every example, sorted by name. */
export const EXAMPLES: readonly Example[] = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .map((name) => {
    const directory = join(ROOT, name);
    return {
      name,
      directory,
      ...(JSON.parse(readFileSync(join(directory, "test.json"), "utf8")) as Omit<Example, "name" | "directory">),
    };
  });
