import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Engine } from "../engine/engines.ts";

/** An application of which the build file and the lock are at hand, and what of it becomes an image. */
export type RealApplication = Readonly<{
  /** Its directory among the real projects. */
  directory: string;
  lock?: "uv.lock" | "pylock.toml";
  python: "3.11" | "3.13" | "3.15";
  engine?: Engine["name"];
  /** More keys of the target, in TOML. */
  keys?: string;
  /** Other files of it that the build needs. */
  besides?: readonly string[];
  /** What stands in for files that the build needs and that are not at hand. */
  files?: Readonly<Record<string, string>>;
}>;

/** The real projects, which are no part of this one. */
export const CORPUS: string = process.env["MICROB_CORPUS"] ?? join(import.meta.dirname, "../../../shared/corpus");

/** Whether they are there. */
export const hasCorpus: boolean = existsSync(CORPUS);

/** Prints how many distributions its environment has: what the image runs by default. */
const PROGRAM = `import importlib.metadata, sysconfig
print(len(list(importlib.metadata.distributions(path=[sysconfig.get_path("purelib")]))))
`;

/** The name of its lock. */
export function lockOf({ lock = "uv.lock" }: RealApplication): string {
  return lock;
}

/**
 * The files of the build context: build file and lock as they were published, and a target that has the program
 * `distributions.py` in place of the application's source.
 */
export function contextOf(application: RealApplication): Readonly<Record<string, string>> {
  const read = (path: string): string => readFileSync(join(CORPUS, application.directory, path), "utf8");
  const lock = lockOf(application);
  const target = `
[tool.microb.target.default]
python_version = "${application.python}"
install = "source"
lock = "${basename(lock)}"
command = ["python", "distributions.py"]
${application.keys ?? ""}
`;
  return {
    "pyproject.toml": `# syntax=microb/microb\n${read("pyproject.toml")}${target}`,
    [lock]: read(lock),
    "distributions.py": PROGRAM,
    ...Object.fromEntries((application.besides ?? []).map((path) => [path, read(path)])),
    ...application.files,
  };
}
