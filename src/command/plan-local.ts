import { readFile } from "node:fs/promises";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { localReader } from "../facts/local-reader.ts";
import { readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { type ProjectPlan, planProject } from "../plan/plan-project.ts";
import { completeLocal, PLATFORM } from "./complete-local.ts";
import type { LocalContext } from "./local-context.ts";

/** Which image of which project of this machine. */
export type LocalRequest = Readonly<{
  filename: string;
  context: LocalContext;
  target: string;
  buildArgs: ReadonlyMap<string, string>;
}>;

/**
 * Plans an image of a project of this machine, for linux/amd64, with the warnings that a build shows.
 * @throws UserError
 */
export async function planLocal({ filename, context, target, buildArgs }: LocalRequest): Promise<ProjectPlan> {
  const source: SourceText = { filename, text: await readBuildFile(filename) };
  const check = readCheckOptions(source, undefined);
  const { directory, location } = context;
  const planned = await planProject(localReader(directory), {
    source,
    location,
    target,
    platforms: [PLATFORM],
    variables: buildArgs,
  });
  return completeLocal({ ...planned, warnings: buildFindings(planned, [], check) });
}

async function readBuildFile(filename: string): Promise<string> {
  try {
    return await readFile(filename, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new UserError({
      code: "context.build-file",
      message: `cannot read ${filename}: ${reason}`,
      help: "name the build file with -filename",
    });
  }
}
