import { readFile } from "node:fs/promises";
import { UserError } from "../diagnostic/user-error.ts";
import { IGNORE_FILE, readIgnoreFile } from "../facts/ignore-file.ts";
import { localReader, pathWithin } from "../facts/local-reader.ts";
import { inProject } from "../facts/project-location.ts";
import { type CheckOptions, readCheckOptions } from "../lint/check-options.ts";
import { buildFindings } from "../lint/lint.ts";
import { splitArguments } from "../plan/build-args.ts";
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

/** A plan, and what is wanted of what is found about it. */
export type LocalPlan = ProjectPlan & Readonly<{ check: CheckOptions }>;

/**
 * Plans an image of a project of this machine, for linux/amd64, with the warnings that a build shows.
 * @throws UserError
 */
export async function planLocal({ filename, context, target, buildArgs }: LocalRequest): Promise<LocalPlan> {
  const source = { filename, text: await readBuildFile(filename, context) };
  const check = readCheckOptions(source, buildArgs.get("BUILDKIT_DOCKERFILE_CHECK") || undefined);
  const { directory, location } = context;
  const reader = localReader(directory);
  const planned = await planProject(reader, {
    source,
    ignore: await readIgnoreFile(reader.readText, [
      `${inProject(location, location.buildFile)}${IGNORE_FILE}`,
      IGNORE_FILE,
    ]),
    location,
    target,
    platforms: [PLATFORM],
    variables: splitArguments(buildArgs).variables,
  });
  return { ...completeLocal({ ...planned, warnings: buildFindings(planned, [], check) }), check };
}

async function readBuildFile(filename: string, { directory, location }: LocalContext): Promise<string> {
  try {
    return await readFile(await pathWithin(directory, inProject(location, location.buildFile)), "utf8");
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
  ELOOP: "it is a link that ends nowhere",
};
