import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { locateDiagnostics, renderDiagnostics } from "../../src/diagnostic/render.ts";
import { sourceText } from "../../src/diagnostic/source-text.ts";
import { UserError } from "../../src/diagnostic/user-error.ts";
import type { ContextReader } from "../../src/facts/context-reader.ts";
import type { ProjectLocation } from "../../src/facts/project-location.ts";
import { type ProjectPlan, planProject } from "../../src/plan/plan-project.ts";

/** What surrounds a build file: the other files of its context, and what the build asks for. */
export type Surroundings = Readonly<{
  files?: Readonly<Record<string, string>>;
  target?: string;
  location?: ProjectLocation;
  buildArgs?: Readonly<Record<string, string>>;
}>;

/** A project at the root of its context. */
export const ROOT: ProjectLocation = { directory: "", buildFile: "pyproject.toml" };

/** What a text of a record starts with that has a byte in each of its characters. */
export const BYTES = "\u0000bytes:";

/** A build context that is a record. */
export function recordReader(files: Readonly<Record<string, string>>): ContextReader {
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
    kindOf: async (path) => {
      if (Object.hasOwn(files, path)) return "file";
      return Object.keys(files).some((name) => name.startsWith(`${path}/`)) ? "directory" : undefined;
    },
  };
}

/** Plans a build file, from its text on. */
export async function planOf(
  toml: string,
  { files = {}, target = "", buildArgs = {}, location = ROOT }: Surroundings = {},
): Promise<ProjectPlan> {
  return planProject(recordReader(files), {
    source: sourceText("pyproject.toml", toml),
    location,
    target,
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
