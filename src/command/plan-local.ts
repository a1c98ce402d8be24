import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { localReader } from "../facts/local-reader.ts";
import { type CheckOptions, readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { splitArguments } from "../plan/build-args.ts";
import { type ProjectPlan, planProject } from "../plan/plan-project.ts";
import { completeLocal } from "./complete-local.ts";

/** Which image of which project of this machine. */
export type LocalRequest = Readonly<{ filename: string; target: string; buildArgs: ReadonlyMap<string, string> }>;

/** A plan, and what is wanted of what is found about it. */
export type LocalPlan = ProjectPlan & Readonly<{ check: CheckOptions }>;

/**
 * Plans an image of a project of this machine, for linux/amd64, with the warnings that a build shows. The directory of the
 * build file is the build context.
 * @throws UserError
 */
export async function planLocal({ filename, target, buildArgs }: LocalRequest): Promise<LocalPlan> {
  const source = sourceText(filename, await readBuildFile(filename));
  const check = readCheckOptions(source, buildArgs.get("BUILDKIT_DOCKERFILE_CHECK") || undefined);
  const planned = await planProject(localReader(dirname(filename)), {
    source,
    location: { directory: "", buildFile: basename(filename) },
    target,
    variables: splitArguments(buildArgs).variables,
  });
  return { ...completeLocal({ ...planned, warnings: buildFindings(planned, [], check) }), check };
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
