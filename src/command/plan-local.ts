import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { UserError } from "../diagnostic/user-error.ts";
import { buildFileText } from "../facts/build-file-text.ts";
import { IGNORE_FILE, readIgnoreFile } from "../facts/ignore-file.ts";
import { localReader } from "../facts/local-reader.ts";
import { readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { type ProjectPlan, planProject } from "../plan/plan-project.ts";
import { completeLocal } from "./complete-local.ts";

/** Which image of which project of this machine. */
export type LocalRequest = Readonly<{ filename: string; target: string; buildArgs: ReadonlyMap<string, string> }>;

/**
 * Plans an image of a project of this machine, for linux/amd64, with the warnings that a build shows. The directory of the
 * build file is the build context.
 * @throws UserError
 */
export async function planLocal({ filename, target, buildArgs }: LocalRequest): Promise<ProjectPlan> {
  const source = buildFileText(filename, await readBuildFile(filename));
  const check = readCheckOptions(source, undefined);
  const reader = localReader(dirname(filename));
  const planned = await planProject(reader, {
    source,
    ignore: await readIgnoreFile(reader.readText, [`${basename(filename)}${IGNORE_FILE}`, IGNORE_FILE]),
    location: { directory: "", buildFile: basename(filename) },
    target,
    variables: buildArgs,
  });
  return completeLocal({ ...planned, warnings: buildFindings(planned, [], check) });
}

async function readBuildFile(filename: string): Promise<string> {
  try {
    return await readFile(filename, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = REASONS[String(error.code)] ?? error.message;
    throw new UserError({
      code: "context.build-file",
      message: `cannot read ${filename}: ${reason}`,
      help: "name the build file with -filename",
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: "it is a directory",
  ENOENT: "there is no such file",
};
