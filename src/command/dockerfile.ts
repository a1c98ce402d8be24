import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parseProject } from "../config/py-project.ts";
import { selectTarget } from "../config/target.ts";
import { sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { emitDockerfile } from "../emit/dockerfile.ts";
import { collectFacts } from "../facts/collect-facts.ts";
import { localReader } from "../facts/local-reader.ts";
import { type Planning, planImage } from "../plan/plan-image.ts";

/** Which image of which project. */
export type PlanRequest = Readonly<{ filename: string; target: string; buildArgs: ReadonlyMap<string, string> }>;

/** A Dockerfile, what its `.dockerignore` must leave out, and what the user should know about it. */
export type DockerfileText = Readonly<{ text: string; exclude: readonly string[]; warnings: Planning["warnings"] }>;

/**
 * The image of a project of this machine as a Dockerfile. The directory of the build file is the build context.
 * @throws UserError
 */
export async function dockerfile({ filename, target: name, buildArgs }: PlanRequest): Promise<DockerfileText> {
  const source = sourceText(filename, await readBuildFile(filename));
  const project = parseProject(source);
  const target = selectTarget(project, name);
  const facts = await collectFacts(localReader(dirname(filename)), project, target);
  const { plan, warnings } = planImage({ project, target, facts, variables: buildArgs });
  return { text: emitDockerfile(plan, project.source), exclude: plan.exclude, warnings };
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
