import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostic/render.ts";
import { UserError } from "../../src/diagnostic/user-error.ts";
import { type ContextReader, findByListing, type ListedEntry } from "../../src/facts/context-reader.ts";
import { IGNORE_FILE, readIgnoreFile } from "../../src/facts/ignore-file.ts";
import type { ProjectLocation } from "../../src/facts/project-location.ts";
import type { Platform } from "../../src/oci/platform.ts";
import { type ProjectPlan, planProject } from "../../src/plan/plan-project.ts";

/** What surrounds a build file: the other files of its context, and what the build asks for. */
export type Surroundings = Readonly<{
  files?: Readonly<Record<string, string>>;
  target?: string;
  location?: ProjectLocation;
  platforms?: readonly Platform[];
  buildArgs?: Readonly<Record<string, string>>;
}>;

/** A project at the root of its context. */
export const ROOT: ProjectLocation = { directory: "", buildFile: "pyproject.toml" };

/** What is built for if nobody says. */
export const AMD64: Platform = { os: "linux", architecture: "amd64" };

/** What a text of a record starts with that has a byte in each of its characters. */
export const BYTES = "\u0000bytes:";

/** A build context that is a record. */
export function recordReader(files: Readonly<Record<string, string>>): ContextReader {
  const list = (directory: string): readonly ListedEntry[] => {
    const start = directory === "" ? "" : `${directory}/`;
    const inside = Object.keys(files).filter((path) => path.startsWith(start));
    const names = new Set(inside.map((path) => path.slice(start.length).split("/", 1).join()));
    // A path that begins with a slash is nowhere.
    names.delete("");
    return [...names].map((name) => ({ name, kind: Object.hasOwn(files, start + name) ? "file" : "directory" }));
  };
  const readText = async (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined);
  return {
    readText,
    readBytes: async (path) => {
      const text = await readText(path);
      // Bytes that are no UTF-8 stand in a record as characters below U+0100.
      return text === undefined
        ? undefined
        : Buffer.from(text, text.startsWith(BYTES) ? "latin1" : "utf8").subarray(
            text.startsWith(BYTES) ? BYTES.length : 0,
          );
    },
    find: (patterns, unseen = []) =>
      findByListing(patterns, unseen, { list: async (directory) => list(directory), follow: async () => undefined }),
  };
}

/** Plans a build file, from its text on. */
export async function planOf(
  toml: string,
  { files = {}, target = "", buildArgs = {}, location = ROOT, platforms = [AMD64] }: Surroundings = {},
): Promise<ProjectPlan> {
  const reader = recordReader(files);
  return planProject(reader, {
    // An empty file is none.
    source: { filename: "pyproject.toml", text: toml || "# nothing\n" },
    ignore: await readIgnoreFile(reader.readText, [IGNORE_FILE]),
    location,
    target,
    platforms,
    variables: new Map(Object.entries(buildArgs)),
  });
}

/** What the user reads instead of an image. Fails when there is one, or when something else than the input is wrong. */
export async function errorsOf(toml: string, surroundings: Surroundings = {}): Promise<string> {
  return renderError(() => planOf(toml, surroundings));
}

/** What the user reads next to the image. */
export async function warningsOf(toml: string, surroundings: Surroundings = {}): Promise<string> {
  const { warnings } = await planOf(toml, surroundings);
  return renderDiagnostics(await locateDiagnostics(warnings), "warning");
}

/** What the user reads when this fails, which it must. */
export async function renderError(work: () => unknown): Promise<string> {
  return renderDiagnostics(await locateDiagnostics(await diagnosticsOf(work)), "error");
}

/** The diagnostics that this fails with, which it must. */
export async function diagnosticsOf(work: () => unknown): Promise<readonly Diagnostic[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics;
    throw error;
  }
  throw new Error("it did not fail");
}
