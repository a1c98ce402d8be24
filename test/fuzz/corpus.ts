import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** Texts of real projects, by what they are. */
export type Corpus = Readonly<{
  buildFiles: readonly string[];
  requirements: readonly string[];
  others: readonly (readonly [name: string, text: string])[];
  /** Locks, of which only the beginning and a part are used: whole ones take too long. */
  locks: readonly (readonly [name: string, packages: readonly string[]])[];
}>;

const ROOT = join(import.meta.dirname, "../..");

/** The largest file that is read, in bytes. */
const MAX_SIZE = 400_000;

/** Real files: the examples, and the projects of `MICROB_CORPUS` or `../shared/corpus` where there are any. */
export function readCorpus(): Corpus {
  const elsewhere = process.env["MICROB_CORPUS"] ?? join(ROOT, "../shared/corpus");
  const paths = [join(ROOT, "examples"), join(ROOT, "test/fixture"), elsewhere]
    .filter(existsSync)
    .flatMap((directory) =>
      readdirSync(directory, { recursive: true, encoding: "utf8" })
        .map((path) => join(directory, path))
        .sort(),
    );
  const texts = (pattern: RegExp): readonly (readonly [string, string])[] =>
    paths
      .filter((path) => pattern.test(path) && statSync(path).isFile() && statSync(path).size <= MAX_SIZE)
      .map((path) => [basename(path), readFileSync(path, "utf8")] as const);
  return {
    buildFiles: texts(/\/pyproject\.toml$/).map(([, text]) => text),
    requirements: texts(/\/requirements[^/]*\.txt$/).map(([, text]) => text),
    others: texts(/\/(?:\.dockerignore|\.python-version|setup\.(?:cfg|py)|uv\.toml)$/),
    locks: texts(/\/(?:uv\.lock|pylock\.toml|pdm\.lock)$/).map(
      ([name, text]) => [name, text.split(/(?=^\[\[packages?\]\]$)/m)] as const,
    ),
  };
}
